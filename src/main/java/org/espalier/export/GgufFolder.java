package org.espalier.export;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.FolderWriter;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.export.gguf.GgufFile;
import org.espalier.export.gguf.GgufQuantiser;
import org.espalier.export.gguf.GgufType;
import org.espalier.export.gguf.GgufWriter;
import org.espalier.export.gguf.RoundingError;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TorchFunctions;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.WeightSlot;

/** Writes a model as a folder with one GGUF file, block by block, and proves it. */
final class GgufFolder {
  static final String FILE = "model.gguf";

  /** Between the file read back and the model rounded to the same type. */
  private static final double TOLERANCE = 1e-4;

  /** Rows of embedding and head that are compared at a time. */
  private static final long ROWS = 8192;

  private final PrunedModel model;
  private final GgufLayout layout;
  private final ExportOptions options;
  private final Progress progress;

  GgufFolder(PrunedModel model, GgufLayout layout, ExportOptions options, Progress progress) {
    this.model = model;
    this.layout = layout;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Writes, checks and publishes the folder.
   *
   * @param texts content of small files beside the weights, by name
   */
  ExportReport write(
      String target, Map<String, String> texts, String note, LoadSnippet loadSnippet) {
    int[] ids = LogitsProbe.ids(model.decoder().config().vocabularySize());
    Rounding rounding = Rounding.matricesTo(options.format().dtype().orElse(DType.F32));
    LogitsProbe probe =
        new LogitsProbe(ids, RoundedModel.logits(model, rounding, ids, progress))
            .requireFinite(options.format());
    FolderWriter writer =
        new FolderWriter(options.folder())
            .protecting(model.source().folder())
            .replacing(options.overwrite());
    Map<String, byte[]> files = new LinkedHashMap<>(options.additionalFiles());
    texts.forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
    files.forEach(writer::file);
    Companions.legal(model.source()).forEach(writer::copy);
    List<ExportManifest> manifests = new ArrayList<>();
    Path folder =
        writer.write(
            GgufWriter.size(layout.metadata(), layout.tensors()),
            this::writeFile,
            written ->
                manifests.add(
                    ExportManifest.write(
                        written,
                        target,
                        options.format(),
                        model,
                        prove(written.resolve(FILE), probe),
                        note,
                        progress)));
    return manifests.get(0).report(folder, loadSnippet.of(folder));
  }

  // ---- writing

  private void writeFile(Path folder) throws IOException {
    DecoderLayout source = DecoderLayout.of(model.source());
    Map<String, GgufType> types = new LinkedHashMap<>();
    layout.tensors().forEach(tensor -> types.put(tensor.name(), tensor.type()));
    try (GgufWriter writer =
            new GgufWriter(folder.resolve(FILE), layout.metadata(), layout.tensors(), progress);
        TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(model.decoder().device())) {
      writeRows(writer, types, GgufLayout.EMBEDDING, files, source.embedding());
      if (types.containsKey(GgufLayout.ROTARY_FACTORS)) {
        writeArray(writer, types, GgufLayout.ROTARY_FACTORS, rotaryFactors());
      }
      for (int number = 0; number < layout.blocks().size(); number++) {
        writeBlock(writer, types, number);
      }
      try (TorchScope part = TorchScope.open()) {
        writeArray(writer, types, GgufLayout.FINAL_NORM, exact(files.view(source.finalNorm())));
      }
      if (types.containsKey(GgufLayout.HEAD)) {
        writeRows(writer, types, GgufLayout.HEAD, files, source.head());
      }
      writer.requireComplete();
    }
  }

  private NDArray rotaryFactors() {
    float[] factors = GgufLayout.rotaryFactors(model.decoder().config());
    return TorchScope.current().array(factors, factors.length);
  }

  private void writeBlock(GgufWriter writer, Map<String, GgufType> types, int number) {
    FolderLayout.Block block = layout.blocks().get(number);
    BlockTensors tensors = new BlockTensors(block, model.decoder().config());
    try (BlockWeights weights = model.decoder().blocks().load(block.index())) {
      for (WeightSlot slot : block.slots()) {
        try (TorchScope scope = TorchScope.open()) {
          NDArray tensor = tensors.of(weights, slot);
          writeArray(
              writer,
              types,
              GgufLayout.name(slot, number),
              GgufLayout.ROTATED.contains(slot)
                  ? GgufQuantiser.toPairs(tensor, model.decoder().config().headSize())
                  : tensor);
        }
      }
    }
  }

  private void writeRows(
      GgufWriter writer,
      Map<String, GgufType> types,
      String name,
      TensorFiles files,
      TensorInfo tensor) {
    long rows = tensor.shape().get(0);
    for (long start = 0; start < rows; start += ROWS) {
      try (TorchScope scope = TorchScope.open()) {
        writeArray(writer, types, name, rows(files, tensor, start));
      }
    }
  }

  private static NDArray rows(TensorFiles files, TensorInfo tensor, long start) {
    long count = Math.min(ROWS, tensor.shape().get(0) - start);
    return exact(TorchFunctions.rows(files.view(tensor), start, count));
  }

  private static NDArray exact(NDArray stored) {
    return Rounding.to(DType.F32)
        .round(TorchFunctions.toDevice(stored, TorchScope.current().device()));
  }

  private static void writeArray(
      GgufWriter writer, Map<String, GgufType> types, String name, NDArray array) {
    GgufType type = types.get(name);
    if (type == GgufType.F16 && !TorchFunctions.allFinite(Rounding.to(DType.F16).round(array))) {
      throw new EspalierException(
          "The tensor " + name + " has values that F16 cannot hold; export as BF16 or F32.");
    }
    try {
      GgufQuantiser.write(array, type, part -> writer.write(name, part));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- proving

  private ExportProof prove(Path written, LogitsProbe probe) {
    GgufFile file = GgufFile.open(written);
    if (!file.metadata().values().equals(layout.metadata().values())
        || !List.copyOf(file.tensors().values()).equals(layout.tensors())) {
      throw new CheckpointException(
          written, "was read back and describes another model; nothing was written");
    }
    try (TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(model.decoder().device())) {
      GgufModel read = new GgufModel(model.decoder(), layout, file, files);
      RoundingError error = compareTensors(file, read, files);
      double tolerance = options.format().isQuantised() ? Double.POSITIVE_INFINITY : TOLERANCE;
      return probe
          .compare(read.logits(probe.ids(), progress), tolerance)
          .withTensors(file.tensors().size(), error.relative());
    }
  }

  /** Every tensor of the file against the model's own. */
  private RoundingError compareTensors(GgufFile file, GgufModel read, TensorFiles files) {
    DecoderLayout source = DecoderLayout.of(model.source());
    RoundingError sum = compareRows(file, read, files, GgufLayout.EMBEDDING, source.embedding());
    if (file.tensors().containsKey(GgufLayout.ROTARY_FACTORS)) {
      NDArray factors = read.tensor(GgufLayout.ROTARY_FACTORS);
      sum = sum.plus(compare(file, GgufLayout.ROTARY_FACTORS, rotaryFactors(), factors));
    }
    for (int number = 0; number < layout.blocks().size(); number++) {
      progress.report("Comparing block " + number, number, layout.blocks().size());
      sum = sum.plus(compareBlock(file, read, number));
    }
    try (TorchScope scope = TorchScope.open()) {
      NDArray norm = exact(files.view(source.finalNorm()));
      sum = sum.plus(compare(file, GgufLayout.FINAL_NORM, norm, read.finalNorm()));
    }
    return file.tensors().containsKey(GgufLayout.HEAD)
        ? sum.plus(compareRows(file, read, files, GgufLayout.HEAD, source.head()))
        : sum;
  }

  private RoundingError compareBlock(GgufFile file, GgufModel read, int number) {
    FolderLayout.Block block = layout.blocks().get(number);
    BlockTensors tensors = new BlockTensors(block, model.decoder().config());
    RoundingError sum = RoundingError.NONE;
    try (BlockWeights weights = model.decoder().blocks().load(block.index())) {
      for (WeightSlot slot : block.slots()) {
        try (TorchScope scope = TorchScope.open()) {
          sum =
              sum.plus(
                  compare(
                      file,
                      GgufLayout.name(slot, number),
                      tensors.of(weights, slot),
                      read.tensor(slot, number)));
        }
      }
    }
    return sum;
  }

  private static RoundingError compareRows(
      GgufFile file, GgufModel read, TensorFiles files, String name, TensorInfo tensor) {
    RoundingError sum = RoundingError.NONE;
    long rows = tensor.shape().get(0);
    for (long start = 0; start < rows; start += ROWS) {
      try (TorchScope scope = TorchScope.open()) {
        NDArray expected = rows(files, tensor, start);
        NDArray actual = read.rows(name, start, Math.min(ROWS, rows - start));
        sum = sum.plus(compare(file, name, expected, actual));
      }
    }
    return sum;
  }

  private static RoundingError compare(GgufFile file, String name, NDArray exact, NDArray actual) {
    GgufType type = file.tensors().get(name).type();
    NDArray expected =
        type.isQuantised() ? exact : Rounding.to(DType.valueOf(type.name())).round(exact);
    RoundingError error = GgufQuantiser.error(expected, actual, type);
    boolean same =
        type.isQuantised()
            ? error.largestShare() <= type.largestError()
            : error.squaredErrors() == 0;
    if (!same) {
      throw new EspalierException(
          "The tensor "
              + name
              + " was read back and differs from the pruned model's; nothing was written. Please"
              + " report this.");
    }
    return type.isQuantised() ? error : RoundingError.NONE;
  }
}
