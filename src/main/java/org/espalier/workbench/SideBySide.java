package org.espalier.workbench;

/** One prompt, continued by the dense model and by a draft of it. */
public record SideBySide(String dense, String draft) {}
