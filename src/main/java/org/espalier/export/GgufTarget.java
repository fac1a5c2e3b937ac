package org.espalier.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.allocation.WidthConstraint;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.export.gguf.GgufTokenizer;
import org.espalier.task.Progress;
import org.espalier.transformer.DecoderConfig;

/** One GGUF file, written without any converter, for llama.cpp and the programs around it. */
class GgufTarget implements ExportTarget {
  static final String NAME = "llama.cpp";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "llama.cpp (GGUF)";
  }

  @Override
  public String description() {
    return "Any widths in every block, removed sub-layers and compensation, in one GGUF file with"
        + " its tokenizer; architecture llama where all blocks are equal, else deci, which"
        + " llama.cpp reads since January 2025.";
  }

  @Override
  public boolean holdsAnyWidths() {
    return true;
  }

  @Override
  public List<WeightFormat> formats() {
    return List.of(
        WeightFormat.F16,
        WeightFormat.Q8_0,
        WeightFormat.Q4_0,
        WeightFormat.BF16,
        WeightFormat.F32);
  }

  @Override
  public Optional<String> refusal(ModelOutline model) {
    return GgufLayout.refusal(model);
  }

  @Override
  public Optional<String> refusalOfCompanions(Checkpoint source, DecoderConfig config) {
    return GgufTokenizer.refusal(source, config);
  }

  @Override
  public WidthConstraint constraint(
      DecoderConfig config, boolean compensated, int channelMultiple) {
    require(ModelOutline.planned(config, compensated));
    return new WidthConstraint(
        "The target " + name(), false, false, Set.of(), channelMultiple, true, false);
  }

  @Override
  public ExportReport export(PrunedModel model, ExportOptions options, Progress progress) {
    ModelOutline outline = ModelOutline.of(model.decoder(), progress);
    require(outline, options.format());
    GgufLayout layout =
        GgufLayout.of(outline, options.format(), options.folder().getFileName().toString());
    layout.metadata().putAll(GgufTokenizer.metadata(model.source(), outline.config()));
    return new GgufFolder(model, layout, options, progress)
        .write(name(), texts(layout, model), note(layout, outline), loadSnippet());
  }

  /** Small files beside the weights, by name. */
  Map<String, String> texts(GgufLayout layout, PrunedModel model) {
    return Map.of();
  }

  @Override
  public LoadSnippet loadSnippet() {
    return new LoadSnippet(
        """
        llama-cli -m "{folder}/%s" -p "Once upon a time"
        """
            .formatted(GgufFolder.FILE));
  }

  private static String note(GgufLayout layout, ModelOutline outline) {
    List<String> notes = new ArrayList<>();
    notes.add("Architecture " + layout.architecture() + ".");
    int context = GgufLayout.contextLength(outline.config());
    if (context < outline.config().maximumPositions()) {
      notes.add(
          "The context ends at the sliding window of "
              + context
              + " tokens, because this architecture sees all of them.");
    }
    if (layout.hasShortQueryBias(outline.config().hiddenSize())) {
      notes.add("Query biases of pruned heads need a llama.cpp newer than build 4916.");
    }
    long wider = layout.unroundedMatrices();
    if (wider > 0) {
      notes.add(
          wider
              + " of "
              + layout.matrices()
              + " matrices stay F16, because their rows are no multiple of 32; pruning for"
              + " this target with channels in multiples of 32 avoids that in feed-forwards.");
    }
    return String.join(" ", notes);
  }
}
