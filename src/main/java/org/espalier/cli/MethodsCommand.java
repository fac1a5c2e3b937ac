package org.espalier.cli;

import java.util.List;
import java.util.Locale;
import org.espalier.pruning.MethodDescription;
import org.espalier.pruning.MethodParameter;
import org.espalier.pruning.SliderAnswer;
import org.espalier.workbench.AllocatorDescription;
import org.espalier.workbench.ExportTargetDescription;
import picocli.CommandLine.Command;

@Command(name = "methods", description = "Lists the pruning methods and the export targets.")
final class MethodsCommand extends SessionCommand {
  private record Listing(List<MethodEntry> methods, List<ExportTargetDescription> exportTargets) {}

  private record MethodEntry(
      String name,
      String title,
      String summary,
      String source,
      String slider,
      boolean needsCalibration,
      List<ParameterEntry> parameters) {}

  /**
   * One parameter.
   *
   * @param choices words that it takes; empty where it takes numbers
   * @param range what it must be, in words
   */
  private record ParameterEntry(
      String name, String description, String defaultValue, List<String> choices, String range) {
    static ParameterEntry of(MethodParameter parameter) {
      return new ParameterEntry(
          parameter.name(),
          parameter.description(),
          parameter.defaultValue(),
          parameter.choices(),
          parameter.range().words());
    }
  }

  MethodsCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void run(Session session) {
    List<MethodDescription> methods = session.workbench().methods();
    List<ExportTargetDescription> targets = session.workbench().exportTargets();
    for (MethodDescription method : methods) {
      session.print(method.name() + "  " + method.title());
      session.print("    " + method.summary());
      session.print("    Source: " + method.source());
      for (MethodParameter parameter : method.parameters()) {
        session.print(
            "    --param "
                + parameter.name()
                + "="
                + parameter.defaultValue()
                + "  "
                + parameter.description()
                + " It must be "
                + parameter.range().words()
                + ".");
      }
    }
    session.print("Allocators:");
    for (AllocatorDescription allocator : session.workbench().allocators()) {
      session.print(
          "    " + allocator.name() + "  " + allocator.title() + ": " + allocator.summary());
    }
    session.print("Export targets:");
    for (ExportTargetDescription target : targets) {
      session.print("    " + target.name() + "  " + target.title() + ": " + target.description());
    }
    session.result(new Listing(methods.stream().map(MethodsCommand::entry).toList(), targets));
  }

  private static MethodEntry entry(MethodDescription method) {
    return new MethodEntry(
        method.name(),
        method.title(),
        method.summary(),
        method.source(),
        slider(method.sliderAnswer()),
        method.needsCalibration(),
        method.parameters().stream().map(ParameterEntry::of).toList());
  }

  private static String slider(SliderAnswer answer) {
    return answer.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
