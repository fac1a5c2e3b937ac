package org.espalier.workbench;

/**
 * What the program says about a way to share the target among sub-layers.
 *
 * @param name as in {@code --allocator name}
 * @param title for people
 * @param summary one paragraph
 */
public record AllocatorDescription(String name, String title, String summary) {}
