package org.espalier.evaluation.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How data sets become questions, in the layouts in which they are published and in ours. */
class TaskDocumentTest {
  @TempDir private Path folder;

  private List<ChoiceItem> items(String task, String... lines) throws IOException {
    TaskDefinition definition = TaskCatalogue.standard().named(task);
    Path file = Files.write(folder.resolve(definition.files().get(0)), List.of(lines));
    TaskPrompts prompts =
        new TaskPrompts(definition, new TaskFolder(folder).find(definition).examples());
    return TaskDocument.read(definition, file, 0).stream()
        .map(document -> prompts.item(0, document))
        .toList();
  }

  private ChoiceItem item(String task, String line) throws IOException {
    return items(task, line).get(0);
  }

  @Test
  void every_published_layout_gives_the_same_question() throws IOException {
    assertThat(
            item(
                "piqa",
                "{'goal':'Dry it','sol1':'by air','sol2':'by sea','label':1}".replace('\'', '"')))
        .isEqualTo(
            item(
                "piqa",
                "{'goal':'Dry it','choices':['by air','by sea'],'gold':1}".replace('\'', '"')))
        .isEqualTo(
            new ChoiceItem(
                0,
                List.of("Question: Dry it\nAnswer:", "Question: Dry it\nAnswer:"),
                List.of(" by air", " by sea"),
                List.of(6, 6),
                1));
    assertThat(
            item(
                "arc_easy",
                ("{'question':'Why?','choices':{'text':['a','b','c'],"
                        + "'label':['1','2','3']},'answerKey':'3'}")
                    .replace('\'', '"')))
        .extracting(ChoiceItem::gold, ChoiceItem::continuations)
        .containsExactly(2, List.of(" a", " b", " c"));
    assertThat(
            item(
                "boolq", "{'passage':'P.','question':'is it so','answer':true}".replace('\'', '"')))
        .extracting(ChoiceItem::gold, item -> item.contexts().get(0), ChoiceItem::continuations)
        .containsExactly(1, "P.\nQuestion: is it so?\nAnswer:", List.of(" no", " yes"));
  }

  @Test
  void winogrande_puts_each_option_into_the_question() throws IOException {
    ChoiceItem item =
        item(
            "winogrande",
            ("{'sentence':'Ann met Eve because _ was late.','option1':'Ann',"
                    + "'option2':'Eve','answer':'2'}")
                .replace('\'', '"'));

    assertThat(item.contexts())
        .containsExactly("Ann met Eve because Ann", "Ann met Eve because Eve");
    assertThat(item.continuations()).containsExactly(" was late.", " was late.");
    assertThat(item.gold()).isEqualTo(1);
  }

  @Test
  void hellaswag_is_cleaned_and_capitalised_as_in_the_harness() throws IOException {
    ChoiceItem item =
        item(
            "hellaswag",
            ("{'activity_label':'Baking','ctx_a':'[header] Mix it. [title] Wait.',"
                    + "'ctx_b':'the COOK','endings':['stirs  it [step].','leaves.'],'label':'0'}")
                .replace('\'', '"'));

    assertThat(item.contexts().get(0)).isEqualTo("Baking: Mix it.. Wait. The cook");
    assertThat(item.continuations()).containsExactly(" stirs it .", " leaves.");
  }

  @Test
  void mmlu_puts_five_answered_questions_of_the_same_subject_in_front() throws IOException {
    String line = "{'subject':'%s','question':'Q%d?','choices':['w','x','y','z'],'gold':%d}";
    StringBuilder examples = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      examples.append(line.formatted("us_law", i, i % 4).replace('\'', '"')).append('\n');
      examples.append(line.formatted("biology", i, 0).replace('\'', '"')).append('\n');
    }
    Files.writeString(folder.resolve("mmlu_dev.jsonl"), examples);

    ChoiceItem item = item("mmlu", line.formatted("us_law", 9, 2).replace('\'', '"'));

    assertThat(item.contexts().get(0))
        .startsWith(
            "The following are multiple choice questions (with answers) about us law.\n\n"
                + "Q0?\nA. w\nB. x\nC. y\nD. z\nAnswer: A\n\nQ1?")
        .contains("Answer: A\n\nQ9?")
        .doesNotContain("Q5?")
        .endsWith("Q9?\nA. w\nB. x\nC. y\nD. z\nAnswer:");
    assertThat(item.continuations()).containsExactly(" A", " B", " C", " D");
  }

  @Test
  void the_folder_says_which_tasks_it_holds_and_what_is_missing() throws IOException {
    Files.writeString(folder.resolve("piqa_validation.jsonl"), "{}");
    Files.writeString(folder.resolve("mmlu_test.jsonl"), "{}");
    Files.writeString(folder.resolve("secrets.jsonl"), "{}");
    TaskCatalogue catalogue = TaskCatalogue.standard();
    TaskFolder tasks = new TaskFolder(folder);

    assertThat(tasks.find(catalogue))
        .filteredOn(TaskFolder.Found::complete)
        .extracting(found -> found.task().name())
        .containsExactly("piqa");
    assertThat(tasks.find(catalogue.named("mmlu")).missing()).isEqualTo("mmlu_dev.jsonl");
    assertThat(tasks.unknownFiles(catalogue)).containsExactly("secrets.jsonl");
    assertThatThrownBy(() -> tasks.require(catalogue.named("winogrande")))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("winogrande.jsonl");
    assertThatThrownBy(() -> new TaskFolder(folder.resolve("nowhere")))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> catalogue.named("chess"))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("There is no task chess; choose from boolq, piqa");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'goal':'g','gold':0} | line 1: there is no field \"choices\", which piqa needs",
        "{'goal':'g','choices':['a','b'],'gold':2} | line 1: the answer index 2 is out of range",
        "{'goal':'g','choices':['a','b'],'gold':-1} | line 1: the answer index -1 is out of range",
        "{'goal':'g','choices':['a',' '],'gold':0} | line 1: choice 1 is empty",
        "{'goal':' ','choices':['a','b'],'gold':0} | line 1: the question is empty",
        "{'goal':'g','choices':[],'gold':0} | line 1: the field \"choices\" is no list",
        "{'goal':'g','choices':['a','b'],'gold':'x'} | line 1: the answer \"x\" is no index",
        "{'choices':['a','b'],'gold':0} | line 1: there is no field \"goal\"",
        "{'goal':'g','choices':['a'] | line 1: not valid JSON",
        "[1] | line 1: not a JSON object",
        "`` | holds no items"
      })
  void a_damaged_data_set_is_told_with_file_and_line(String line, String complaint) {
    assertThatThrownBy(() -> items("piqa", line.replace('\'', '"')))
        .isInstanceOf(EspalierException.class)
        .hasMessageContaining("piqa.jsonl")
        .hasMessageContaining(complaint);
  }

  @Test
  void a_later_line_is_checked_as_the_first_one() {
    assertThatThrownBy(
            () ->
                items(
                    "piqa",
                    "{\"goal\":\"g\",\"choices\":[\"a\",\"b\"],\"gold\":0}",
                    "",
                    "{\"goal\":\"g\",\"choices\":[\"a\",\"b\"]}"))
        .hasMessageContaining("line 3: there is no field \"gold\"");
  }

  @Test
  void a_packed_file_is_read_like_a_plain_one() throws IOException {
    Path file = folder.resolve("HumanEval.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("{\"task_id\":\"H/0\",\"prompt\":\"def f():\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    TaskDefinition task = TaskCatalogue.standard().named("humaneval");

    assertThat(
            new TaskPrompts(task, Optional.empty())
                .question(TaskDocument.read(task, file, 0).get(0)))
        .isEqualTo("def f():");
  }

  @Test
  void every_task_of_the_catalogue_names_its_files_and_metrics() {
    for (TaskDefinition task : TaskCatalogue.standard().tasks()) {
      assertThat(task.files()).as(task.name()).isNotEmpty();
      assertThat(task.title()).as(task.name()).isNotBlank();
      assertThat(task.version()).as(task.name()).isPositive();
      assertThat(task.generation().isPresent()).as(task.name()).isEqualTo(task.kind().generates());
      assertThat(task.metrics().isEmpty()).as(task.name()).isEqualTo(task.kind() == TaskKind.CODE);
    }
  }
}
