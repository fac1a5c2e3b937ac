package org.espalier.cli;

import java.util.List;
import org.espalier.workbench.ExportTargetDescription;
import org.espalier.workbench.Workbench;

/** Finds the export target that {@code --target} names. */
final class TargetOption {
  private TargetOption() {}

  /**
   * @throws UsageException naming the known ones
   */
  static ExportTargetDescription find(Workbench workbench, String name) {
    List<ExportTargetDescription> targets = workbench.exportTargets();
    return targets.stream()
        .filter(target -> target.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "There is no export target "
                        + name
                        + "; choose one of "
                        + String.join(
                            ", ", targets.stream().map(ExportTargetDescription::name).toList())));
  }
}
