package org.espalier.allocation;

/** Which units of one kind compete with each other. */
public enum Competition {
  /** Every sub-layer loses the same share of its units (the UL structures of FLAP). */
  UNIFORM,
  /** The lowest scores go, wherever they are (the AL structures of FLAP). */
  GLOBAL
}
