package org.espalier.transformer;

/** The two halves of a decoder block. */
public enum SubLayerKind {
  /** Units are KV head groups: a KV head with its query heads. */
  ATTENTION,
  /** Units are feed-forward channels. */
  FEED_FORWARD
}
