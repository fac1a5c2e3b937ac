package org.espalier.evaluation.tasks;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The instructions of IFEval that a rule can check: length, keywords, case, punctuation, format,
 * counts. Rules are those of the official checker, with three differences: sentences are split by
 * the Java platform instead of a trained splitter, an answer in capitals or small letters is not
 * asked for its language, and a sign that is to be counted in place of a letter is counted, where
 * the official checker draws a letter by chance. The instruction to answer in a language has no
 * rule here.
 */
final class InstructionRules {
  /** Python's reader, which the official checker asks, takes NaN and Infinity for numbers. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  /** Lines end where Python's do. */
  private static final int LINES = Pattern.MULTILINE | Pattern.UNIX_LINES;

  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern PLACEHOLDER = Pattern.compile("\\[.*?\\]", Pattern.UNIX_LINES);
  private static final Pattern TITLE = Pattern.compile("<<[^\\n]+>>");
  private static final Pattern STAR_BULLET = Pattern.compile("^\\s*\\*[^\\*].*$", LINES);
  private static final Pattern DASH_BULLET = Pattern.compile("^\\s*-.*$", LINES);
  private static final Pattern HIGHLIGHT = Pattern.compile("\\*[^\\n\\*]*\\*");
  private static final Pattern DOUBLE_HIGHLIGHT = Pattern.compile("\\*\\*[^\\n\\*]*\\*\\*");
  private static final List<String> CONSTRAINED =
      List.of("My answer is yes.", "My answer is no.", "My answer is maybe.");
  private static final String AT_LEAST = "at least";

  private interface Rule {
    boolean follows(JsonNode arguments, String answer);
  }

  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          entry("keywords:existence", InstructionRules::keywords),
          entry("keywords:frequency", InstructionRules::keywordFrequency),
          entry("keywords:forbidden_words", InstructionRules::forbiddenWords),
          entry("keywords:letter_frequency", InstructionRules::letterFrequency),
          entry(
              "length_constraints:number_words",
              (arguments, answer) ->
                  relation(arguments, "relation", count(WORD, answer), "num_words")),
          entry(
              "length_constraints:number_sentences",
              (arguments, answer) ->
                  relation(arguments, "relation", sentences(answer), "num_sentences")),
          entry("length_constraints:number_paragraphs", InstructionRules::paragraphs),
          entry(
              "length_constraints:nth_paragraph_first_word", InstructionRules::paragraphFirstWord),
          entry(
              "detectable_content:number_placeholders",
              (arguments, answer) ->
                  count(PLACEHOLDER, answer) >= arguments.path("num_placeholders").asInt()),
          entry("detectable_content:postscript", InstructionRules::postscript),
          entry(
              "detectable_format:number_bullet_lists",
              (arguments, answer) ->
                  count(STAR_BULLET, answer) + count(DASH_BULLET, answer)
                      == arguments.path("num_bullets").asInt()),
          entry(
              "detectable_format:constrained_response",
              (arguments, answer) -> CONSTRAINED.stream().anyMatch(answer.strip()::contains)),
          entry("detectable_format:number_highlighted_sections", InstructionRules::highlights),
          entry("detectable_format:multiple_sections", InstructionRules::sections),
          entry("detectable_format:json_format", (arguments, answer) -> json(answer)),
          entry("detectable_format:title", (arguments, answer) -> title(answer)),
          entry("combination:two_responses", (arguments, answer) -> twoResponses(answer)),
          entry(
              "combination:repeat_prompt",
              (arguments, answer) ->
                  small(answer).startsWith(small(arguments.path("prompt_to_repeat").asText()))),
          entry(
              "startend:end_checker",
              (arguments, answer) ->
                  small(answer.strip().replaceAll("^\"+|\"+$", ""))
                      .endsWith(small(arguments.path("end_phrase").asText()))),
          entry(
              "startend:quotation",
              (arguments, answer) -> {
                String text = answer.strip();
                return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
              }),
          entry("change_case:capital_word_frequency", InstructionRules::capitalWords),
          entry("change_case:english_capital", (arguments, answer) -> upper(answer)),
          entry("change_case:english_lowercase", (arguments, answer) -> lower(answer)),
          entry("punctuation:no_comma", (arguments, answer) -> !answer.contains(",")));

  private InstructionRules() {}

  static boolean knows(String instruction) {
    return RULES.containsKey(instruction);
  }

  static boolean follows(String instruction, JsonNode arguments, String answer) {
    return RULES.get(instruction).follows(arguments, answer);
  }

  private static boolean relation(JsonNode arguments, String name, int found, String wanted) {
    int bound = arguments.path(wanted).asInt();
    return arguments.path(name).asText().equals(AT_LEAST) ? found >= bound : found < bound;
  }

  private static int count(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    int count = 0;
    while (matcher.find()) {
      count++;
    }
    return count;
  }

  /** A keyword as a pattern; data sets hold plain words. */
  private static Pattern word(String keyword) {
    return Pattern.compile(Pattern.quote(keyword), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  private static boolean keywords(JsonNode arguments, String answer) {
    for (JsonNode keyword : arguments.path("keywords")) {
      if (!word(keyword.asText()).matcher(answer).find()) {
        return false;
      }
    }
    return true;
  }

  private static boolean keywordFrequency(JsonNode arguments, String answer) {
    int found = count(word(arguments.path("keyword").asText().strip()), answer);
    return relation(arguments, "relation", found, "frequency");
  }

  private static boolean forbiddenWords(JsonNode arguments, String answer) {
    for (JsonNode forbidden : arguments.path("forbidden_words")) {
      Pattern whole =
          Pattern.compile(
              "\\b" + Pattern.quote(forbidden.asText()) + "\\b",
              Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
      if (whole.matcher(answer).find()) {
        return false;
      }
    }
    return true;
  }

  private static boolean letterFrequency(JsonNode arguments, String answer) {
    String letter = arguments.path("letter").asText().toLowerCase(Locale.ROOT);
    int found = count(Pattern.compile(Pattern.quote(letter)), answer.toLowerCase(Locale.ROOT));
    return relation(arguments, "let_relation", found, "let_frequency");
  }

  private static int sentences(String answer) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ENGLISH);
    breaks.setText(answer);
    int count = 0;
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      if (!answer.substring(start, end).isBlank()) {
        count++;
      }
      start = end;
    }
    return count;
  }

  private static boolean paragraphs(JsonNode arguments, String answer) {
    String[] parts = answer.split("\\s?\\*\\*\\*\\s?", -1);
    int count = parts.length;
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].isBlank()) {
        if (i != 0 && i != parts.length - 1) {
          return false;
        }
        count--;
      }
    }
    return count == arguments.path("num_paragraphs").asInt();
  }

  private static boolean paragraphFirstWord(JsonNode arguments, String answer) {
    String[] parts = answer.split("\\n\\n", -1);
    int count = (int) Arrays.stream(parts).filter(part -> !part.isBlank()).count();
    int nth = arguments.path("nth_paragraph").asInt();
    if (nth < 1 || nth > count || parts[nth - 1].isBlank()) {
      return false;
    }
    String first = parts[nth - 1].strip().split("\\s+", -1)[0].replaceAll("^'+", "");
    String plain = first.replaceAll("^\"+", "").replaceAll("[.,?!'\"].*$", "");
    return count == arguments.path("num_paragraphs").asInt()
        && small(plain).equals(small(arguments.path("first_word").asText()));
  }

  private static boolean postscript(JsonNode arguments, String answer) {
    String marker = arguments.path("postscript_marker").asText().strip();
    String pattern =
        switch (marker) {
          case "P.P.S" -> "\\s*p\\.\\s?p\\.\\s?s.*$";
          case "P.S." -> "\\s*p\\.\\s?s\\..*$";
          default -> "\\s*" + Pattern.quote(marker.toLowerCase(Locale.ROOT)) + ".*$";
        };
    return Pattern.compile(pattern, LINES).matcher(answer.toLowerCase(Locale.ROOT)).find();
  }

  private static boolean highlights(JsonNode arguments, String answer) {
    int count = 0;
    Matcher single = HIGHLIGHT.matcher(answer);
    while (single.find()) {
      if (!single.group().replace("*", "").isBlank()) {
        count++;
      }
    }
    Matcher twice = DOUBLE_HIGHLIGHT.matcher(answer);
    while (twice.find()) {
      if (!twice.group().replace("*", "").isBlank()) {
        count++;
      }
    }
    return count >= arguments.path("num_highlights").asInt();
  }

  private static boolean sections(JsonNode arguments, String answer) {
    String splitter = Pattern.quote(arguments.path("section_spliter").asText().strip());
    int sections = answer.split("\\s?" + splitter + "\\s?\\d+\\s?", -1).length - 1;
    return sections >= arguments.path("num_sections").asInt();
  }

  private static boolean json(String answer) {
    String text = answer.strip();
    for (String fence : List.of("```json", "```Json", "```JSON", "```")) {
      text = text.startsWith(fence) ? text.substring(fence.length()) : text;
    }
    text = text.endsWith("```") ? text.substring(0, text.length() - 3) : text;
    try {
      return !JSON.readTree(text.strip()).isMissingNode();
    } catch (JsonProcessingException e) {
      // No JSON is the answer to the question, not a fault.
      return false;
    }
  }

  private static boolean title(String answer) {
    Matcher titles = TITLE.matcher(answer);
    while (titles.find()) {
      if (!titles.group().replaceAll("^<+|>+$", "").isBlank()) {
        return true;
      }
    }
    return false;
  }

  private static boolean twoResponses(String answer) {
    String[] parts = answer.split("\\*{6}", -1);
    List<String> responses = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].isBlank()) {
        responses.add(parts[i].strip());
      } else if (i != 0 && i != parts.length - 1) {
        return false;
      }
    }
    return responses.size() == 2 && !responses.get(0).equals(responses.get(1));
  }

  private static boolean capitalWords(JsonNode arguments, String answer) {
    int count = (int) TreebankWords.of(answer).stream().filter(InstructionRules::upper).count();
    return relation(arguments, "capital_relation", count, "capital_frequency");
  }

  /** At least one letter with two cases, and all of those are capitals. */
  private static boolean upper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(Character::isLowerCase);
  }

  private static boolean lower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(Character::isUpperCase);
  }

  private static String small(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
