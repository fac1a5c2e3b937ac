package org.espalier.ui.allocation;

import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.allocation.Target;
import org.espalier.pruning.MethodDescription;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Session;
import org.espalier.workspace.Run;

/** What new runs are called until somebody names them. */
public final class RunNames {
  private RunNames() {}

  /** Method and target, with a number where another run has that name. */
  public static String free(
      Session session, MethodDescription method, Target target, Messages messages) {
    Set<String> taken = session.runs().stream().map(Run::name).collect(Collectors.toSet());
    String plain =
        messages.text(
            "run.name",
            method.name(),
            TargetViewModel.exact(100 * target.ratio()).replaceFirst("\\.0$", ""));
    String name = plain;
    for (int i = 2; taken.contains(name); i++) {
      name = messages.text("run.nameAgain", plain, i);
    }
    return name;
  }
}
