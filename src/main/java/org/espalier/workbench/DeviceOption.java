package org.espalier.workbench;

import java.util.OptionalLong;

/**
 * A device that can be chosen, or why it cannot.
 *
 * @param name as in {@code --device name}
 * @param freeBytes free memory, where it is known
 * @param hint how to make it available; empty when it is
 */
public record DeviceOption(String name, boolean available, OptionalLong freeBytes, String hint) {}
