package org.espalier.workspace;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.espalier.allocation.Allocation;
import org.espalier.allocation.HandPicked;
import org.espalier.allocation.Hold;
import org.espalier.allocation.Locks;
import org.espalier.allocation.RatioDefinition;
import org.espalier.allocation.Target;
import org.espalier.task.EspalierException;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * A draft as CSV: one line per sub-layer, and lines that begin with {@code #} for what belongs to
 * the whole. Without a target line every sub-layer is taken as set by hand, so that a plain table
 * of kept units from elsewhere can be opened, too; "unit" is then the definition of its ratio.
 */
final class DraftTable {
  private static final List<String> COLUMNS =
      List.of("block", "subLayer", "units", "kept", "state", "keep", "drop");
  private static final long LARGEST = 16L << 20;

  private DraftTable() {}

  static void write(Path file, SavedDraft draft) {
    SavedDraft.State state = draft.state();
    List<String> lines = new ArrayList<>();
    lines.add("# name: " + plain(state.name()));
    lines.add("# checkpoint: " + plain(draft.checkpoint()));
    lines.add("# method: " + plain(draft.method()));
    lines.add("# calibration: " + plain(draft.calibration()));
    lines.add("# target: " + state.target().ratio());
    lines.add("# of: " + state.target().of().label());
    lines.add("# allocator: " + plain(state.allocator()));
    lines.add("# runs on: " + plain(state.runsOn()));
    lines.add("# channel multiple: " + state.channelMultiple());
    lines.add(String.join(",", COLUMNS));
    for (int block = 0; block < draft.headGroups().size(); block++) {
      for (SubLayerKind kind : SubLayerKind.values()) {
        SubLayer subLayer = new SubLayer(block, kind);
        int units = DraftFile.units(draft, subLayer);
        Optional<Hold> hold = state.locks().of(subLayer);
        int kept =
            hold.map(Hold::keptUnits)
                .orElseGet(() -> draft.allocation().map(all -> all.kept(subLayer)).orElse(units));
        HandPicked picked = state.locks().pickedOf(subLayer);
        lines.add(
            String.join(
                ",",
                Integer.toString(block),
                LocksJson.label(kind),
                Integer.toString(units),
                Integer.toString(kept),
                hold.map(held -> held.editable() ? "hand-set" : "locked").orElse("free"),
                LocksJson.ranges(picked.kept()).replace(',', ' '),
                LocksJson.ranges(picked.dropped()).replace(',', ' ')));
      }
    }
    WholeFile.write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static SavedDraft read(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new EspalierException("The table " + file + " is too large for a draft.");
      }
      return parse(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (MalformedInputException e) {
      throw new EspalierException("The table " + file + " is not text in UTF-8.", e);
    } catch (IOException e) {
      throw new EspalierException("Cannot read " + file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new EspalierException(
          "The table " + file + " cannot be used: " + e.getMessage() + ".", e);
    }
  }

  private static SavedDraft parse(List<String> lines) {
    Map<String, String> notes = new HashMap<>();
    Map<SubLayer, Map<String, String>> rows = new LinkedHashMap<>();
    List<String> columns = List.of();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replace("\uFEFF", "").strip();
      if (line.startsWith("#")) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          notes.put(line.substring(1, colon).strip(), line.substring(colon + 1).strip());
        }
      } else if (!line.isEmpty() && columns.isEmpty()) {
        columns = List.of(line.split(",", -1));
        for (String needed : List.of("block", "subLayer", "units", "kept")) {
          if (!columns.contains(needed)) {
            throw new IllegalArgumentException("the column \"" + needed + "\" is missing");
          }
        }
      } else if (!line.isEmpty()) {
        Map<String, String> row = row(columns, line, i + 1);
        SubLayer subLayer =
            new SubLayer(number(row, "block", i + 1), LocksJson.kind(row.get("subLayer").strip()));
        if (rows.put(subLayer, row) != null) {
          throw new IllegalArgumentException("line " + (i + 1) + " repeats " + subLayer.label());
        }
      }
    }
    return draft(notes, rows);
  }

  private static Map<String, String> row(List<String> columns, String line, int number) {
    String[] cells = line.split(",", -1);
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "line " + number + " has " + cells.length + " cells instead of " + columns.size());
    }
    Map<String, String> row = new HashMap<>();
    for (int c = 0; c < cells.length; c++) {
      row.put(columns.get(c), cells[c].strip());
    }
    row.put("line", Integer.toString(number));
    return row;
  }

  private static int number(Map<String, String> row, String column, int line) {
    try {
      int value = Integer.parseInt(row.get(column));
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, with the same words as a negative number.
    }
    throw new IllegalArgumentException(
        "\"" + row.get(column) + "\" in line " + line + " is not a whole number from 0");
  }

  private static SavedDraft draft(
      Map<String, String> notes, Map<SubLayer, Map<String, String>> rows) {
    int blocks = rows.keySet().stream().mapToInt(SubLayer::block).max().orElse(-1) + 1;
    if (rows.isEmpty() || rows.size() != 2L * blocks) {
      throw new IllegalArgumentException(
          "it does not hold attention and feedForward of every block from 0 on");
    }
    boolean targeted = notes.containsKey("target");
    Map<SubLayer, Hold> holds = new HashMap<>();
    Map<SubLayer, HandPicked> picked = new HashMap<>();
    Map<SubLayer, Integer> units = new TreeMap<>(LocksJson.ORDER);
    Map<SubLayer, Integer> kept = new TreeMap<>(LocksJson.ORDER);
    rows.forEach(
        (subLayer, row) -> {
          int line = Integer.parseInt(row.get("line"));
          units.put(subLayer, number(row, "units", line));
          kept.put(subLayer, number(row, "kept", line));
          String state = row.getOrDefault("state", "");
          if (state.equals("locked")) {
            holds.put(subLayer, Hold.locked(kept.get(subLayer)));
          } else if (state.equals("hand-set") || !targeted) {
            holds.put(subLayer, Hold.handSet(kept.get(subLayer)));
          } else if (!state.isEmpty() && !state.equals("free")) {
            throw new IllegalArgumentException(
                "\"" + state + "\" in line " + line + " is not free, hand-set or locked");
          }
          HandPicked byHand =
              new HandPicked(
                  LocksJson.units(row.getOrDefault("keep", "").replace(' ', ',')),
                  LocksJson.units(row.getOrDefault("drop", "").replace(' ', ',')));
          if (!byHand.isEmpty()) {
            picked.put(subLayer, byHand);
          }
        });
    long all = units.values().stream().mapToLong(Integer::longValue).sum();
    long stay = kept.values().stream().mapToLong(Integer::longValue).sum();
    Target target =
        targeted
            ? new Target(
                Double.parseDouble(notes.get("target")),
                LocksJson.ratioDefinition(
                    notes.getOrDefault("of", RatioDefinition.PRUNABLE.label())))
            : new Target(all == 0 ? 0 : (double) (all - stay) / all, RatioDefinition.UNIT);
    SavedDraft draft =
        new SavedDraft(
            notes.getOrDefault("checkpoint", ""),
            of(units, SubLayerKind.ATTENTION),
            of(units, SubLayerKind.FEED_FORWARD),
            notes.getOrDefault("method", ""),
            Map.of(),
            notes.getOrDefault("calibration", ""),
            Optional.of(
                new Allocation(
                    of(kept, SubLayerKind.ATTENTION), of(kept, SubLayerKind.FEED_FORWARD))),
            List.of(),
            List.of(
                new SavedDraft.Step(
                    "",
                    new SavedDraft.State(
                        notes.getOrDefault("name", ""),
                        target,
                        new Locks(holds, picked),
                        notes.getOrDefault("allocator", SavedDraft.OWN_ALLOCATOR),
                        notes.getOrDefault("runs on", ""),
                        Integer.parseInt(notes.getOrDefault("channel multiple", "1"))))),
            0);
    DraftFile.check(draft);
    return draft;
  }

  private static List<Integer> of(Map<SubLayer, Integer> numbers, SubLayerKind kind) {
    return numbers.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == kind)
        .map(Map.Entry::getValue)
        .toList();
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
