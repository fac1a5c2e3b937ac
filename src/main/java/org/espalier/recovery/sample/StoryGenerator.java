package org.espalier.recovery.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes short English stories. Names, objects, places, colours and numbers hold through a story,
 * and what happens depends on who did what before, so that a model has something to learn beyond
 * neighbouring words. The same seed gives the same stories.
 */
public final class StoryGenerator {
  private static final String GRAMMAR = "/sample/training/stories.txt";
  private static final int LONGEST_EXPANSION = 10_000;
  private static final Pattern CHOICE = Pattern.compile("\\[([^\\[\\]]*)]");
  private static final Pattern RULE = Pattern.compile("<([a-z]+)((?: [a-z]+=[a-z]+)*)>");
  private static final Pattern WORD =
      Pattern.compile("\\{([a-z]+)(?:([+-])([a-z]+))?(?:\\.([A-Za-z]+))?}");
  private static final Pattern SENTENCE_START = Pattern.compile("(^|[.!?] |\\.\" )(\"?)([a-z])");
  private static final Pattern ARTICLE_BEFORE_VOWEL = Pattern.compile("\\b([Aa]) (?=[aeiou])");
  private static final List<String> NUMBERS =
      List.of(
          "zero",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
          "ten",
          "eleven",
          "twelve",
          "thirteen",
          "fourteen",
          "fifteen",
          "sixteen",
          "seventeen",
          "eighteen",
          "nineteen",
          "twenty");

  private final StoryGrammar grammar;
  private final SplittableRandom random;

  public StoryGenerator(long seed) {
    this(readGrammar(), seed);
  }

  StoryGenerator(StoryGrammar grammar, long seed) {
    this.grammar = grammar;
    this.random = new SplittableRandom(seed);
  }

  private static StoryGrammar readGrammar() {
    try (InputStream in = StoryGenerator.class.getResourceAsStream(GRAMMAR);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return StoryGrammar.parse(reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next story: one paragraph without a line break. */
  public String next() {
    Story story = new Story();
    String text = story.expand("<story>", Map.of());
    text = ARTICLE_BEFORE_VOWEL.matcher(text).replaceAll("$1n ");
    return SENTENCE_START
        .matcher(text)
        .replaceAll(start -> start.group(1) + start.group(2) + capital(start.group(3)));
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  /** One story being told: what its words and numbers stand for. */
  private final class Story {
    private final Map<String, Map<String, String>> words = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    Story() {
      Map<String, Integer> taken = new HashMap<>();
      grammar.words().forEach((name, list) -> words.put(name, draw(list, name, taken)));
      grammar
          .numbers()
          .forEach(
              (name, range) -> numbers.put(name, random.nextInt(range.low(), range.high() + 1)));
    }

    private Map<String, String> draw(String list, String name, Map<String, Integer> taken) {
      StoryGrammar.Vocabulary vocabulary = grammar.lists().get(list);
      int index = random.nextInt(vocabulary.entries().size());
      while (taken.containsKey(list + index)) {
        index = random.nextInt(vocabulary.entries().size());
      }
      taken.put(list + index, index);
      Map<String, String> fields = new HashMap<>();
      for (int field = 0; field < vocabulary.fields().size(); field++) {
        fields.put(vocabulary.fields().get(field), vocabulary.entries().get(index).get(field));
      }
      fields.put("", vocabulary.entries().get(index).get(0));
      return fields;
    }

    /**
     * Expands a text.
     *
     * @param names what the parameters of the rule stand for: parameter to variable
     */
    String expand(String text, Map<String, String> names) {
      if (text.length() > LONGEST_EXPANSION) {
        throw new IllegalArgumentException("a rule of the grammar does not end: " + text);
      }
      String chosen = CHOICE.matcher(text).replaceAll(this::choose);
      String expanded =
          RULE.matcher(chosen)
              .replaceAll(rule -> Matcher.quoteReplacement(expandRule(rule, names)));
      return WORD.matcher(expanded).replaceAll(word -> Matcher.quoteReplacement(word(word, names)));
    }

    private String choose(MatchResult choice) {
      String[] phrases = choice.group(1).split("\\|");
      return Matcher.quoteReplacement(phrases[random.nextInt(phrases.length)]);
    }

    private String expandRule(MatchResult rule, Map<String, String> names) {
      Map<String, String> inner = new HashMap<>(names);
      for (String binding : rule.group(2).trim().split(" ")) {
        if (!binding.isEmpty()) {
          String[] sides = binding.split("=");
          inner.put(sides[0], names.getOrDefault(sides[1], sides[1]));
        }
      }
      List<String> alternatives = grammar.rules().get(rule.group(1));
      if (alternatives == null) {
        throw new IllegalArgumentException("the grammar has no rule " + rule.group());
      }
      return expand(alternatives.get(random.nextInt(alternatives.size())), inner);
    }

    private String word(MatchResult word, Map<String, String> names) {
      String name = names.getOrDefault(word.group(1), word.group(1));
      if (numbers.containsKey(name)) {
        int value = numbers.get(name);
        if (word.group(2) != null) {
          int other = numbers.get(word.group(3));
          value += word.group(2).equals("+") ? other : -other;
        }
        return word.group(4) == null ? NUMBERS.get(value) : capital(NUMBERS.get(value));
      }
      String field = word.group(4) == null ? "" : word.group(4);
      Map<String, String> fields = words.get(name);
      String plain = fields == null ? null : fields.get(field.toLowerCase(Locale.ROOT));
      if (plain == null) {
        throw new IllegalArgumentException("the grammar has no word " + word.group());
      }
      return !field.isEmpty() && Character.isUpperCase(field.charAt(0)) ? capital(plain) : plain;
    }
  }
}
