package org.espalier.workspace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.search.SearchSpace;
import org.espalier.search.Trial;
import org.espalier.search.Variable;
import org.espalier.task.EspalierException;

/** {@code search.json} beside a run: every trial of the search that it came out of. */
final class SearchFile {
  private static final String NAME = "search.json";
  private static final int FORMAT = 1;

  private SearchFile() {}

  private record SearchJson(
      int format,
      double densePerplexity,
      String judgedOn,
      List<VariableJson> variables,
      List<Trial> trials) {}

  /**
   * One dimension.
   *
   * @param choices how many there are; 0 for a range
   * @param low of a range
   * @param high of a range
   */
  private record VariableJson(String name, int choices, double low, double high) {
    static VariableJson of(Variable variable) {
      if (variable instanceof Variable.Continuous range) {
        return new VariableJson(range.name(), 0, range.low(), range.high());
      }
      return new VariableJson(variable.name(), ((Variable.Categorical) variable).choices(), 0, 0);
    }

    Variable variable() {
      return choices > 0
          ? new Variable.Categorical(name, choices)
          : new Variable.Continuous(name, low, high);
    }
  }

  static void write(Path folder, KeptSearch search) {
    JsonFile.write(
        folder.resolve(NAME),
        new SearchJson(
            FORMAT,
            search.densePerplexity(),
            search.judgedOn(),
            search.space().variables().stream().map(VariableJson::of).toList(),
            search.trials()));
  }

  /** Empty if the run came out of no search. */
  static Optional<KeptSearch> read(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    SearchJson json = JsonFile.read(file, SearchJson.class);
    if (json.format() != FORMAT) {
      throw new EspalierException(
          file
              + " has format "
              + json.format()
              + ", which this version cannot read; use a newer version");
    }
    try {
      return Optional.of(
          new KeptSearch(
              new SearchSpace(json.variables().stream().map(VariableJson::variable).toList()),
              json.densePerplexity(),
              json.judgedOn(),
              json.trials()));
    } catch (IllegalArgumentException e) {
      throw new EspalierException(file + " is damaged: " + e.getMessage(), e);
    }
  }
}
