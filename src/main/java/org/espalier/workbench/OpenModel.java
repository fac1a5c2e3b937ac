package org.espalier.workbench;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongFunction;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.Tokenizer;
import org.espalier.task.EspalierException;
import org.espalier.transformer.BlockPlacement;
import org.espalier.transformer.Decoder;
import org.espalier.transformer.DecoderLayout;

/** A checkpoint with its decoder and tokenizer, open until closed. */
final class OpenModel implements AutoCloseable {
  private static final String TOKENIZER = "tokenizer.json";

  private final Checkpoint checkpoint;
  private final DecoderLayout layout;
  private final Decoder decoder;
  private Tokenizer tokenizer;

  private OpenModel(Checkpoint checkpoint, DecoderLayout layout, Decoder decoder) {
    this.checkpoint = checkpoint;
    this.layout = layout;
    this.decoder = decoder;
  }

  /**
   * Opens a folder.
   *
   * @param placement from the bytes of the weights to where blocks live
   */
  static OpenModel open(Path folder, Device device, LongFunction<BlockPlacement> placement) {
    Checkpoint checkpoint = Checkpoint.open(folder);
    try {
      DecoderLayout layout = DecoderLayout.of(checkpoint);
      return new OpenModel(
          checkpoint,
          layout,
          Decoder.open(checkpoint, device, placement.apply(checkpoint.tensorBytes())));
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  DecoderLayout layout() {
    return layout;
  }

  Decoder decoder() {
    return decoder;
  }

  boolean hasTokenizer() {
    return checkpoint.file(TOKENIZER).isPresent();
  }

  /** The tokenizer if the checkpoint has one; opened when first asked for. */
  synchronized Optional<Tokenizer> tokenizer() {
    if (tokenizer == null && hasTokenizer()) {
      tokenizer = Tokenizer.open(checkpoint.folder());
    }
    return Optional.ofNullable(tokenizer);
  }

  /**
   * @throws EspalierException if the checkpoint has none
   */
  Tokenizer requireTokenizer(String purpose) {
    return tokenizer()
        .orElseThrow(
            () ->
                new EspalierException(
                    checkpoint.folder()
                        + " has no tokenizer.json, so "
                        + purpose
                        + " needs ready token windows: a .json file with a list of lists of ids."));
  }

  @Override
  public synchronized void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
    decoder.close();
    checkpoint.close();
  }
}
