package org.espalier.workbench;

/**
 * An export target.
 *
 * @param name as in {@code --target name}
 * @param title for people
 * @param description what it holds and which programs open it
 */
public record ExportTargetDescription(String name, String title, String description) {}
