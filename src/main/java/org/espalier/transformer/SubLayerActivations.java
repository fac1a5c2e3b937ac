package org.espalier.transformer;

import ai.djl.ndarray.NDArray;

/**
 * What flows through one sub-layer for a batch of B windows of T positions. The arrays are freed
 * after the observer returns, unless it keeps them.
 *
 * @param input residual stream before the sub-layer, [B, T, d]
 * @param normalised input of the first projections, [B, T, d]
 * @param units input of the last projection: [B, T, H*e] for attention (head h owns columns h*e to
 *     (h+1)*e), [B, T, I] for feed-forward
 * @param branch output of the last projection, bias included, [B, T, d]
 * @param output residual stream after it, [B, T, d]: input plus branch, which some families
 *     normalise before it is added
 */
public record SubLayerActivations(
    NDArray input, NDArray normalised, NDArray units, NDArray branch, NDArray output) {}
