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
import java.util.Optional;
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
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.BlockWeights;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderLayout;
import org.espalier.transformer.TensorNames;
import org.espalier.transformer.WeightSlot;

/** Writes a model as a folder in Hugging Face layout, block by block, and proves it. */
final class HuggingFaceFolder {
  /** Between the files read back and the model; float32 sums in another order stay far below. */
  private static final double TOLERANCE = 1e-4;

  private static final ByteBuffer ZEROS = ByteBuffer.allocate(1 << 16).asReadOnlyBuffer();

  private final PrunedModel model;
  private final FolderLayout layout;
  private final ExportOptions options;
  private final Progress progress;

  HuggingFaceFolder(
      PrunedModel model, FolderLayout layout, ExportOptions options, Progress progress) {
    this.model = model;
    this.layout = layout;
    this.options = options;
    this.progress = progress;
  }

  /** Writes, checks and publishes the folder. */
  ExportReport write(String target) {
    int[] ids = probe(model.decoder().config().vocabularySize());
    float[] expected = new RoundedModel(model, options.dtype()).logits(ids, progress);
    requireFinite(expected);
    CheckpointWriter writer =
        new CheckpointWriter(options.folder())
            .protecting(model.source().folder())
            .replacing(options.overwrite());
    Companions.of(model.source()).forEach(writer::copy);
    options.additionalFiles().forEach(writer::file);
    writer.configuration(layout.configuration());
    layout.code().forEach((name, text) -> writer.file(name, text.getBytes(StandardCharsets.UTF_8)));
    List<ExportedFile> files = new ArrayList<>();
    double[] difference = new double[1];
    Path folder =
        writer.write(
            tensors(),
            this::writeTensors,
            written -> {
              difference[0] = requireSameLogits(written, ids, expected);
              files.addAll(ExportedFile.of(written, progress));
            },
            progress);
    return new ExportReport(
        target, folder, options.dtype(), files, difference[0], loadSnippet(folder));
  }

  /** Eight tokens from all over the vocabulary. */
  private static int[] probe(int vocabulary) {
    int[] ids = new int[8];
    Arrays.setAll(ids, i -> (int) ((2L * i + 1) * vocabulary / 16));
    return ids;
  }

  private List<TensorSpec> tensors() {
    DecoderConfig config = model.decoder().config();
    List<TensorSpec> specs = new ArrayList<>();
    specs.add(spec(DecoderLayout.EMBEDDING, config.vocabularySize(), config.hiddenSize()));
    for (int number = 0; number < layout.blocks().size(); number++) {
      FolderLayout.Block block = layout.blocks().get(number);
      for (TensorNames.Stored stored : layout.names().stored(block.slots(), number)) {
        long[] whole = dimensions(stored.slots().get(0), block);
        whole[0] = stored.slots().stream().mapToLong(slot -> dimensions(slot, block)[0]).sum();
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
    return new TensorSpec(name, options.dtype(), Arrays.stream(dimensions).boxed().toList());
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
    try (BlockWeights weights = model.decoder().blocks().load(block.index())) {
      for (TensorNames.Stored stored : layout.names().stored(block.slots(), number)) {
        // Rows lie one after the other, so slots that are stored as one are written in turn.
        for (WeightSlot slot : stored.slots()) {
          Optional<NDArray> tensor = weights.get(slot);
          if (tensor.isPresent()) {
            writeArray(sink, stored.name(), tensor.get());
          } else {
            long elements = Arrays.stream(dimensions(slot, block)).reduce(1, Math::multiplyExact);
            writeZeros(sink, stored.name(), elements * options.dtype().bytes());
          }
        }
      }
    }
  }

  private long[] dimensions(WeightSlot slot, FolderLayout.Block block) {
    DecoderConfig config = model.decoder().config();
    return slot.dimensions(block.shape(), config.hiddenSize(), config.headSize());
  }

  private void writeWhole(TensorSink sink, String name, TensorFiles files, TensorInfo tensor) {
    try (TorchScope scope = TorchScope.open()) {
      writeArray(sink, name, files.view(tensor));
    }
  }

  private void writeArray(TensorSink sink, String name, NDArray array) {
    try {
      TensorBytes.read(
          array,
          options.dtype(),
          part -> {
            if (options.dtype() == DType.F16) {
              requireFinite(name, part);
            }
            sink.write(name, part);
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeZeros(TensorSink sink, String name, long bytes) {
    for (long left = bytes; left > 0; left -= ZEROS.capacity()) {
      sink.write(name, ZEROS.slice(0, (int) Math.min(left, ZEROS.capacity())));
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

  private void requireFinite(float[] logits) {
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new EspalierException(
            options.dtype() == DType.F16
                ? "The model has values that F16 cannot hold; export as BF16 or F32."
                : "The pruned model computes values that are no numbers, so it is not exported;"
                    + " prune less or with another method.");
      }
    }
  }

  private double requireSameLogits(Path written, int[] ids, float[] expected) {
    double largest = 0;
    try (Checkpoint checkpoint = Checkpoint.open(written);
        Decoder decoder =
            Decoder.open(checkpoint, model.decoder().device(), BlockPlacement.STREAMED);
        TorchScope scope = TorchScope.open(decoder.device())) {
      NDArray logits = decoder.logits(decoder.forward(scope.tokens(ids), progress));
      float[] actual = logits.toFloatArray();
      if (actual.length != expected.length) {
        throw new IllegalStateException("the files read back give logits of another shape");
      }
      for (int i = 0; i < actual.length; i++) {
        double difference = Math.abs((double) actual[i] - expected[i]);
        // A value that is no number must not pass as equal.
        if (!(difference <= TOLERANCE)) {
          throw new EspalierException(
              "The exported files were read back and gave other logits than the pruned model (by "
                  + difference
                  + "); nothing was written. Please report this.");
        }
        largest = Math.max(largest, difference);
      }
    }
    return largest;
  }

  private String loadSnippet(Path folder) {
    String path = folder.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    return """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = "%s"
    model = AutoModelForCausalLM.from_pretrained(folder%s)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    """
        .formatted(path, layout.loadOptions());
  }
}
