package org.espalier.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** One command as a person or a script runs it, with what it wrote. */
record CommandRun(int status, String out, String err) {
  static CommandRun of(WorkbenchFactory factory, Object... arguments) {
    return of(factory, false, arguments);
  }

  static CommandRun of(WorkbenchFactory factory, boolean interactive, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), interactive, 80);
    List<String> texts = List.of(arguments).stream().map(Object::toString).toList();
    int status = Espalier.run(texts, terminal, factory);
    return new CommandRun(status, out.toString(), err.toString());
  }

  static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of standard error that are not progress. */
  List<String> complaints() {
    return err.lines().filter(line -> line.startsWith("espalier: ")).toList();
  }
}
