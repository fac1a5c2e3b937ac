package org.espalier.export;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.checkpoint.CheckpointWriter;
import org.espalier.checkpoint.DType;
import org.espalier.checkpoint.TensorInfo;
import org.espalier.checkpoint.TensorSink;
import org.espalier.checkpoint.TensorSpec;
import org.espalier.task.EspalierException;
import org.espalier.task.Progress;
import org.espalier.torch.TensorBytes;
import org.espalier.torch.TensorFiles;
import org.espalier.torch.TorchScope;
import org.espalier.transformer.BlockNumbers;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.TensorNames;
import org.espalier.transformer.WeightSlot;

/** Writes a model as a folder in Hugging Face layout, block by block, and proves it. */
final class HuggingFaceFolder {
  /** How safetensors of stock classes hold weights. */
  static final List<WeightFormat> FORMATS =
      List.of(WeightFormat.BF16, WeightFormat.F16, WeightFormat.F32);

  /** Between the files read back and the model; float32 sums in another order stay far below. */
  private static final double TOLERANCE = 1e-4;

  private final PrunedModel model;
  private final FolderLayout layout;
  private final ExportOptions options;
  private final DType dtype;
  private final Progress progress;

  HuggingFaceFolder(
      PrunedModel model, FolderLayout layout, ExportOptions options, Progress progress) {
    this.model = model;
    this.layout = layout;
    this.options = options;
    this.dtype = options.format().dtype().orElseThrow();
    this.progress = progress;
  }

  /** Writes, checks and publishes the folder; it opens in Transformers. */
  ExportReport write(String target) {
    return write(target, "");
  }

  /**
   * As {@link #write(String)}.
   *
   * @param commands that open it in another program
   */
  ExportReport write(String target, String commands) {
    int[] ids = LogitsProbe.ids(model.decoder().config().vocabularySize());
    LogitsProbe probe =
        new LogitsProbe(ids, RoundedModel.logits(model, Rounding.to(dtype), ids, progress))
            .requireFinite(options.format());
    CheckpointWriter writer =
        new CheckpointWriter(options.folder())
            .protecting(model.source().folder())
            .replacing(options.overwrite());
    Companions.of(model.source()).forEach(writer::copy);
    options.additionalFiles().forEach(writer::file);
    BlockNumbers.write(
        layout.configuration(),
        layout.blocks().stream()
            .map(block -> model.decoder().config().blockNumbers().get(block.index()))
            .toList());
    writer.configuration(layout.configuration());
    layout.code().forEach((name, text) -> writer.file(name, text.getBytes(StandardCharsets.UTF_8)));
    List<ExportManifest> manifests = new ArrayList<>();
    Path folder =
        writer.write(
            tensors(),
            this::writeTensors,
            written ->
                manifests.add(
                    ExportManifest.write(
                        written,
                        target,
                        options.format(),
                        model,
                        probe.compare(logits(written, ids), TOLERANCE),
                        layout.note(),
                        progress)),
            progress);
    LoadSnippet snippet =
        LoadSnippet.python(layout.loadOptions(), !layout.code().isEmpty()).after(commands);
    return manifests.get(0).report(folder, snippet.of(folder));
  }

  private List<TensorSpec> tensors() {
    DecoderConfig config = model.decoder().config();
    List<TensorSpec> specs = new ArrayList<>();
    specs.add(spec(DecoderLayout.EMBEDDING, config.vocabularySize(), config.hiddenSize()));
    for (int number = 0; number < layout.blocks().size(); number++) {
      FolderLayout.Block block = layout.blocks().get(number);
      BlockTensors tensors = new BlockTensors(block, config);
      for (TensorNames.Stored stored : layout.names().stored(block.slots(), number)) {
        long[] whole = tensors.dimensions(stored.slots().get(0));
        whole[0] = stored.slots().stream().mapToLong(slot -> tensors.dimensions(slot)[0]).sum();
        specs.add(spec(stored.name(), whole));
      }
    }
    specs.add(spec(DecoderLayout.FINAL_NORM, config.hiddenSize()));
    if (!config.tiedEmbeddings()) {
      specs.add(spec(DecoderLayout.HEAD, config.vocabularySize(), config.hiddenSize()));
    }
    return specs;
  }

  private TensorSpec spec(String name, long... dimensions) {
    return new TensorSpec(name, dtype, Arrays.stream(dimensions).boxed().toList());
  }

  private void writeTensors(TensorSink sink) {
    DecoderLayout source = DecoderLayout.of(model.source());
    try (TensorFiles files = new TensorFiles();
        TorchScope scope = TorchScope.open(model.decoder().device())) {
      writeWhole(sink, DecoderLayout.EMBEDDING, files, source.embedding());
      for (int number = 0; number < layout.blocks().size(); number++) {
        writeBlock(sink, number);
      }
      writeWhole(sink, DecoderLayout.FINAL_NORM, files, source.finalNorm());
      if (!source.config().tiedEmbeddings()) {
        writeWhole(sink, DecoderLayout.HEAD, files, source.head());
      }
    }
  }

  private void writeBlock(TensorSink sink, int number) {
    FolderLayout.Block block = layout.blocks().get(number);
    BlockTensors tensors = new BlockTensors(block, model.decoder().config());
    try (BlockWeights weights = model.decoder().blocks().load(block.index())) {
      for (TensorNames.Stored stored : layout.names().stored(block.slots(), number)) {
        // Rows lie one after the other, so slots that are stored as one are written in turn.
        for (WeightSlot slot : stored.slots()) {
          try (TorchScope scope = TorchScope.open()) {
            writeArray(sink, stored.name(), tensors.of(weights, slot));
          }
        }
      }
    }
  }

  private void writeWhole(TensorSink sink, String name, TensorFiles files, TensorInfo tensor) {
    try (TorchScope scope = TorchScope.open()) {
      writeArray(sink, name, model.narrowed(files.view(tensor)));
    }
  }

  private void writeArray(TensorSink sink, String name, NDArray array) {
    try {
      TensorBytes.read(
          array,
          dtype,
          part -> {
            if (dtype == DType.F16) {
              requireFinite(name, part);
            }
            sink.write(name, part);
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Half precision ends at 65504; larger weights would become infinite without a word. */
  private static void requireFinite(String name, ByteBuffer part) {
    ByteBuffer halves = part.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int at = halves.position(); at < halves.limit(); at += 2) {
      if ((halves.getShort(at) & 0x7c00) == 0x7c00) {
        throw new EspalierException(
            "The tensor " + name + " has values that F16 cannot hold; export as BF16 or F32.");
      }
    }
  }

  private float[] logits(Path written, int[] ids) {
    try (Checkpoint checkpoint = Checkpoint.open(written);
        Decoder decoder =
            Decoder.open(checkpoint, model.decoder().device(), BlockPlacement.STREAMED);
        TorchScope scope = TorchScope.open(decoder.device())) {
      return decoder.logits(decoder.forward(scope.tokens(ids), progress)).toFloatArray();
    }
  }
}
