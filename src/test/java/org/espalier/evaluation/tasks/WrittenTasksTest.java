package org.espalier.evaluation.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How free answers are judged. */
class WrittenTasksTest {
  @TempDir private Path folder;

  private TaskDocument document(String task, String line) throws IOException {
    TaskDefinition definition = TaskCatalogue.standard().named(task);
    Path file = Files.writeString(folder.resolve(task + ".jsonl"), line.replace('\'', '"'));
    return TaskDocument.read(definition, file, 0).get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "She pays 3*6=18. #### 18                 | 1 | 1",
        "#### 1,018.                              | 0 | 0",
        "So it is $18.                            | 0 | 1",
        "#### 18 and not 20                       | 1 | 0",
        "I do not know                            | 0 | 0"
      })
  void a_number_counts_behind_its_mark_or_as_the_last_of_all(
      String answer, double strict, double flexible) throws IOException {
    TaskDocument document =
        document("gsm8k", "{'question':'How much?','answer':'<<3*6=18>>18\\n#### 18'}");

    assertThat(new NumberJudge().scores(document, answer))
        .isEqualTo(Map.of("exact_match", strict, "exact_match_flexible", flexible));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "punctuation:no_comma | {} | One two. | One, two.",
        "length_constraints:number_words | {'relation':'at least','num_words':3} | a b c | a b",
        "length_constraints:number_words | {'relation':'less than','num_words':3} | a b | a b c",
        "length_constraints:number_sentences | {'relation':'at least','num_sentences':2} | It is."
            + " It was. | It is.",
        "length_constraints:number_paragraphs | {'num_paragraphs':2} | a *** b | a",
        "length_constraints:nth_paragraph_first_word |"
            + " {'num_paragraphs':2,'nth_paragraph':2,'first_word':'elm'} | a¶¶"
            + "Elm, b | a¶¶"
            + "Oak b",
        "keywords:existence | {'keywords':['dog','day']} | A dog by Day | A dog",
        "keywords:frequency | {'relation':'at least','keyword':'dog','frequency':2} | dog DOG |"
            + " dog",
        "keywords:forbidden_words | {'forbidden_words':['kill']} | skill | to kill it",
        "keywords:letter_frequency | {'let_relation':'less than','letter':'E','let_frequency':2} |"
            + " me | mee",
        "detectable_content:number_placeholders | {'num_placeholders':2} | [a] and [b] | [a]",
        "detectable_content:postscript | {'postscript_marker':'P.S.'} | Bye. P. S. more | Bye.",
        "detectable_content:postscript | {'postscript_marker':'P.P.S'} | Bye. P.P.S more | P.S."
            + " more",
        "detectable_format:number_bullet_lists | {'num_bullets':2} | * a¶- b | * a",
        "detectable_format:constrained_response | {} | My answer is no. | No.",
        "detectable_format:number_highlighted_sections | {'num_highlights':2} | *a* and **b** | *a*"
            + " and **",
        "detectable_format:multiple_sections | {'section_spliter':'SECTION','num_sections':2} |"
            + " SECTION 1 a SECTION 2 b | SECTION 1 a",
        "detectable_format:json_format | {} | ```json¶{'a': 1}¶``` | {'a': 1",
        "detectable_format:title | {} | <<A title>> text | << >> text",
        "combination:two_responses | {} | a ****** b | a ****** a",
        "combination:repeat_prompt | {'prompt_to_repeat':'Write it.'} | write it. Yes | Yes",
        "startend:end_checker | {'end_phrase':'the end'} | It is The End | the end of it",
        "startend:quotation | {} | 'quoted' | plain",
        "change_case:capital_word_frequency | {'capital_relation':'at least','capital_frequency':2}"
            + " | AN OAK | AN oak",
        "change_case:english_capital | {} | ALL 1 | ALl",
        "change_case:english_lowercase | {} | all 1 | All"
      })
  void every_instruction_is_told_from_its_breach(
      String instruction, String arguments, String followed, String broken) throws IOException {
    var json = new ObjectMapper().readTree(arguments.replace('\'', '"'));

    assertThat(InstructionRules.knows(instruction)).isTrue();
    assertThat(InstructionRules.follows(instruction, json, text(followed))).isTrue();
    assertThat(InstructionRules.follows(instruction, json, text(broken))).isFalse();
  }

  /** Line breaks and quotation marks do not fit into a table's row. */
  private static String text(String cell) {
    return cell.replace('\'', '"').replace('¶', '\n');
  }

  @Test
  void instructions_are_counted_by_prompt_and_alone_strictly_and_loosely() throws IOException {
    TaskDocument document =
        document(
            "ifeval",
            "{'key':1,'prompt':'p','instruction_id_list':['punctuation:no_comma',"
                + "'startend:end_checker'],'kwargs':[{},{'end_phrase':'bye'}]}");

    Map<String, Double> scores =
        new InstructionJudge().scores(document, "Sure, here:\nall good bye");

    assertThat(scores)
        .containsEntry("prompt_strict", 0.0)
        .containsEntry("instruction_strict", 1.0)
        .containsEntry("prompt_loose", 1.0)
        .containsEntry("instruction_loose", 2.0);
    ItemResult item = new ItemResult(0, -1, List.of(), scores, "");
    ItemResult other =
        new ItemResult(1, -1, List.of(), new InstructionJudge().scores(document, "bye"), "");
    assertThat(Metric.of("instruction_strict", List.of(item, other)).value()).isEqualTo(0.75);
    assertThat(Metric.of("prompt_strict", List.of(item, other)).value()).isEqualTo(0.5);
  }

  @Test
  void instructions_without_a_rule_are_known_as_such() throws IOException {
    assertThat(
            InstructionJudge.canJudge(
                document(
                    "ifeval",
                    "{'prompt':'p','instruction_id_list':['language:response_language'],"
                        + "'kwargs':[{'language':'de'}]}")))
        .isFalse();
    TaskDocument without = document("ifeval", "{'prompt':'p'}");
    assertThatThrownBy(() -> InstructionJudge.canJudge(without))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("line 1: there is no field \"instruction_id_list\"");
  }

  @Test
  void completions_come_in_the_official_layout() throws IOException {
    Path file = folder.resolve("new/completions.jsonl");

    CompletionsFile.write(file, Map.of("HumanEval/0", "    return \"a\"\n"));

    assertThat(file)
        .hasContent("{\"task_id\":\"HumanEval/0\",\"completion\":\"    return \\\"a\\\"\\n\"}\n");
  }
}
