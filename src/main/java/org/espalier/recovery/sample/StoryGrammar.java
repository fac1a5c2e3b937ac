package org.espalier.recovery.sample;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parsed grammar of the stories; the format is described at the top of the grammar file.
 *
 * @param lists vocabulary by name
 * @param words the words of a story: variable name to the list it is drawn from
 * @param numbers the numbers of a story by variable name
 * @param rules alternatives by rule name
 */
record StoryGrammar(
    Map<String, Vocabulary> lists,
    Map<String, String> words,
    Map<String, Range> numbers,
    Map<String, List<String>> rules) {

  /** Entries whose fields have names; the first field is the word itself. */
  record Vocabulary(List<String> fields, List<List<String>> entries) {}

  /** Bounds of a number, both included. */
  record Range(int low, int high) {}

  static StoryGrammar parse(List<String> lines) {
    Map<String, Vocabulary> lists = new HashMap<>();
    Map<String, String> words = new LinkedHashMap<>();
    Map<String, Range> numbers = new LinkedHashMap<>();
    Map<String, List<String>> rules = new HashMap<>();
    Vocabulary list = null;
    List<String> rule = null;
    for (String line : lines) {
      String[] parts = line.split(" ");
      if (line.isBlank() || line.startsWith("#")) {
        list = null;
        rule = null;
      } else if (list != null) {
        list.entries().add(List.of(line.split("\\|")));
      } else if (rule != null) {
        rule.add(line);
      } else {
        switch (parts[0]) {
          case "list" -> {
            list = new Vocabulary(List.of(parts).subList(2, parts.length), new ArrayList<>());
            lists.put(parts[1], list);
          }
          case "rule" -> {
            rule = new ArrayList<>();
            rules.put(parts[1], rule);
          }
          case "var" -> words.put(parts[1], parts[2]);
          case "number" ->
              numbers.put(
                  parts[1], new Range(Integer.parseInt(parts[2]), Integer.parseInt(parts[3])));
          default -> throw new IllegalArgumentException("not a line of a grammar: " + line);
        }
      }
    }
    return new StoryGrammar(lists, words, numbers, rules);
  }
}
