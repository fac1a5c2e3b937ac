package org.espalier.export;

import org.espalier.checkpoint.Checkpoint;
import org.espalier.transformer.Decoder;

/**
 * A model that is to be exported. Whoever made it closes both parts.
 *
 * @param source the checkpoint it was made from; gives embedding, final norm, head and the files
 *     beside the weights
 * @param decoder of that checkpoint, with the blocks as they are to be written
 */
public record PrunedModel(Checkpoint source, Decoder decoder) {}
