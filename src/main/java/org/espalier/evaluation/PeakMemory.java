package org.espalier.evaluation;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The highest memory of this process during a stretch of work.
 *
 * <p>Linux counts every resident page of the process, native ones and mapped files included, and
 * its high-water mark can be reset. Other systems show a process no such mark; there only the Java
 * heap is known, and {@link #statement} says so. One stretch at a time: starting another one resets
 * the mark for both.
 */
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path RESET = Path.of("/proc/self/clear_refs");

  private final boolean resident;
  private final long start;

  private PeakMemory(boolean resident, long start) {
    this.resident = resident;
    this.start = start;
  }

  /** Begins a stretch, after the C library gave freed memory back, which would hide its peak. */
  public static PeakMemory start() {
    NativeHeap.giveBack();
    OptionalLong now = resetMark() ? status("VmRSS") : OptionalLong.empty();
    if (now.isPresent()) {
      return new PeakMemory(true, now.getAsLong());
    }
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    return new PeakMemory(false, heapBytes(false));
  }

  /** Memory when the stretch began, in bytes. */
  public long startBytes() {
    return start;
  }

  /** Highest memory since the start, in bytes. */
  public long bytes() {
    return resident ? status("VmHWM").orElse(start) : heapBytes(true);
  }

  /** How far the highest memory lies above the memory at the start, in bytes. */
  public long bytesAboveStart() {
    return Math.max(0, bytes() - start);
  }

  /** What the number means, in words. */
  public String statement() {
    return words(resident);
  }

  /** What numbers mean on this system, in words. */
  public static String meaning() {
    return words(Files.isWritable(RESET));
  }

  private static String words(boolean resident) {
    return resident
        ? "highest resident memory of the process"
        : "highest Java heap; this system shows a process no peak of its native memory";
  }

  private static boolean resetMark() {
    if (!Files.isWritable(RESET)) {
      return false;
    }
    try {
      // 5 is the kernel's code for the resident high-water mark.
      Files.writeString(RESET, "5");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A line of /proc/self/status in bytes, for example {@code VmHWM} or {@code RssAnon}. */
  private static OptionalLong status(String field) {
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.UTF_8)) {
        if (line.startsWith(field + ":")) {
          String[] words = line.substring(field.length() + 1).trim().split("\\s+", -1);
          return OptionalLong.of(Long.parseLong(words[0]) << 10);
        }
      }
      return OptionalLong.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static long heapBytes(boolean peak) {
    long sum = 0;
    for (MemoryPoolMXBean pool : heapPools()) {
      MemoryUsage usage = peak ? pool.getPeakUsage() : pool.getUsage();
      sum += usage == null ? 0 : usage.getUsed();
    }
    return sum;
  }
}
