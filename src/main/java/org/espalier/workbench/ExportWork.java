package org.espalier.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.export.ExportOptions;
import org.espalier.export.ExportReport;
import org.espalier.export.ExportTarget;
import org.espalier.export.ExportTargets;
import org.espalier.export.ModelOutline;
import org.espalier.export.PrunedModel;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.transformer.DecoderLayout;

/** Writes models in forms that other programs open. */
final class ExportWork {
  private ExportWork() {}

  /** As {@link Workbench#freeBytes}. */
  static long freeBytes(Path folder) {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      return Files.getFileStore(there).getUsableSpace();
    } catch (IOException e) {
      throw new EspalierException(
          "How much may be written in " + folder + " cannot be told: " + e.getMessage(), e);
    }
  }

  /** As {@link Workbench#exportRefusals}. */
  static Map<String, String> refusals(Path folder) {
    Map<String, String> refusals = new LinkedHashMap<>();
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      ModelOutline model = ModelOutline.of(DecoderLayout.of(checkpoint));
      for (ExportTarget target : ExportTargets.all()) {
        target
            .refusal(model)
            .or(() -> target.refusalOfCompanions(checkpoint, model.config()))
            .ifPresent(reason -> refusals.put(target.name(), reason));
      }
    }
    return refusals;
  }

  static ExportSummary export(OpenModel model, ExportRequest request, Progress progress) {
    ExportReport report =
        ExportTargets.named(request.target())
            .export(
                new PrunedModel(model.checkpoint(), model.decoder()),
                new ExportOptions(
                    request.format(), request.folder(), request.overwrite(), Map.of()),
                progress);
    return new ExportSummary(
        report.folder(),
        report.target(),
        report.format(),
        report.bytes(),
        report.proof(),
        Files.isRegularFile(report.folder().resolve("config.json")),
        report.note(),
        report.loadSnippet());
  }
}
