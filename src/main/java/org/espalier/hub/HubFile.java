package org.espalier.hub;

/**
 * One file of a model.
 *
 * @param name a plain file name
 * @param hash of its content; names the file in the cache
 */
public record HubFile(String name, long bytes, HubHash hash) {}
