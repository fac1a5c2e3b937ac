package org.espalier.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.task.Progress;

/** The open safetensors files of a checkpoint while its tensors arrive. */
final class ShardFiles implements TensorSink, AutoCloseable {
  private final Path folder;
  private final Progress progress;
  private final List<FileChannel> channels = new ArrayList<>();
  private final Map<String, Slot> slots = new HashMap<>();
  private final long totalBytes;
  private long writtenBytes;

  /** Where the next byte of a tensor goes. */
  private static final class Slot {
    final FileChannel channel;
    long position;
    long remaining;

    Slot(FileChannel channel, long position, long remaining) {
      this.channel = channel;
      this.position = position;
      this.remaining = remaining;
    }
  }

  ShardFiles(Path folder, List<ShardLayout> shards, Progress progress) throws IOException {
    this.folder = folder;
    this.progress = progress;
    long total = 0;
    try {
      for (ShardLayout shard : shards) {
        FileChannel channel =
            FileChannel.open(
                folder.resolve(shard.fileName()),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
        channels.add(channel);
        ByteBuffer start = shard.start();
        long position = start.remaining();
        writeFully(channel, start, 0);
        for (TensorSpec tensor : shard.tensors()) {
          slots.put(tensor.name(), new Slot(channel, position, tensor.byteLength()));
          position += tensor.byteLength();
          total += tensor.byteLength();
        }
      }
    } catch (IOException e) {
      close();
      throw e;
    }
    this.totalBytes = total;
  }

  @Override
  public void write(String tensor, ByteBuffer slice) {
    Slot slot = slots.get(tensor);
    if (slot == null) {
      throw new IllegalArgumentException(tensor + " was not announced");
    }
    int count = slice.remaining();
    if (count > slot.remaining) {
      throw new IllegalArgumentException(
          tensor + " gets " + (count - slot.remaining) + " bytes more than its shape has");
    }
    progress.report("Writing " + tensor, writtenBytes, totalBytes);
    try {
      writeFully(slot.channel, slice, slot.position);
    } catch (IOException e) {
      throw new CheckpointException(folder, tensor, "cannot be written: " + e.getMessage(), e);
    }
    slot.position += count;
    slot.remaining -= count;
    writtenBytes += count;
  }

  /** Every tensor must have got all its bytes. */
  void requireComplete() {
    slots.forEach(
        (tensor, slot) -> {
          if (slot.remaining > 0) {
            throw new IllegalStateException(tensor + " still lacks " + slot.remaining + " bytes");
          }
        });
    progress.report("Wrote the weights", totalBytes, totalBytes);
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
  }
}
