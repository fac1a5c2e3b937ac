package org.espalier.evaluation.tasks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with fields in braces that a document fills: {@code {question}}, a field within a field
 * {@code {choices.text}}, filtered on the way {@code {ctx_b|capitalised}}.
 */
final class Template {
  private static final Pattern FIELD = Pattern.compile("\\{([A-Za-z_][\\w.]*)((?:\\|[a-z-]+)*)}");

  /** HellaSwag's texts come from WikiHow with marks of their own (methods of its authors). */
  private static final Pattern BRACKETS = Pattern.compile("\\[.*?\\]");

  private static final Map<String, UnaryOperator<String>> FILTERS =
      Map.of(
          "stripped",
          String::strip,
          "capitalised",
          Template::capitalised,
          "spaced",
          text -> text.replace('_', ' '),
          "before-gap",
          text -> text.substring(0, gap(text)),
          "after-gap",
          text -> text.substring(Math.min(text.length(), gap(text) + 1)),
          "wikihow",
          Template::withoutMarks);

  private record Part(
      String literal, Optional<String> field, List<UnaryOperator<String>> filters) {}

  private final String source;
  private final List<Part> parts = new ArrayList<>();

  Template(String source) {
    this.source = source;
    Matcher matcher = FIELD.matcher(source);
    int end = 0;
    while (matcher.find()) {
      List<UnaryOperator<String>> filters = new ArrayList<>();
      for (String name : matcher.group(2).split("\\|", -1)) {
        if (!name.isEmpty()) {
          filters.add(filter(name));
        }
      }
      parts.add(
          new Part(source.substring(end, matcher.start()), Optional.of(matcher.group(1)), filters));
      end = matcher.end();
    }
    parts.add(new Part(source.substring(end), Optional.empty(), List.of()));
  }

  private static UnaryOperator<String> filter(String name) {
    UnaryOperator<String> filter = FILTERS.get(name);
    if (filter == null) {
      throw new IllegalArgumentException("no filter is called " + name);
    }
    return filter;
  }

  /** The fields it asks for. */
  Set<String> fields() {
    Set<String> fields = new LinkedHashSet<>();
    parts.forEach(part -> part.field().ifPresent(fields::add));
    return fields;
  }

  /**
   * The text for a document.
   *
   * @param values text of a field
   */
  String fill(Function<String, String> values) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(part.literal());
      if (part.field().isPresent()) {
        String value = values.apply(part.field().get());
        for (UnaryOperator<String> filter : part.filters()) {
          value = filter.apply(value);
        }
        text.append(value);
      }
    }
    return text.toString();
  }

  /** The value at a path of names joined by dots; a missing node where there is none. */
  static JsonNode value(JsonNode document, String path) {
    JsonNode value = document;
    for (String name : path.split("\\.", -1)) {
      value = value.path(name);
    }
    return value;
  }

  /** The first letter large, all others small. */
  private static String capitalised(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return text.substring(0, first).toUpperCase(Locale.ROOT)
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  private static int gap(String text) {
    int gap = text.indexOf('_');
    return gap < 0 ? text.length() : gap;
  }

  private static String withoutMarks(String text) {
    String plain = text.strip().replace(" [title]", ". ");
    return BRACKETS.matcher(plain).replaceAll("").replace("  ", " ");
  }

  @Override
  public String toString() {
    return source;
  }
}
