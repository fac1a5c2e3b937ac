package org.espalier.ui.about;

import java.util.List;
import java.util.stream.Collectors;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.StringBinding;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.toolbar.EngineViewModel;

/** What the program consists of and what it runs on. */
public final class AboutViewModel {
  /** A line of the table of versions. */
  record Fact(String label, StringBinding value) {}

  private final List<Library> libraries = Library.all();
  private final List<Fact> facts;
  private final Messages messages;

  public AboutViewModel(EngineViewModel engine, Messages messages) {
    this.messages = messages;
    facts =
        List.of(
            fact("about.version", version("org.espalier:espalier")),
            fact(
                "about.java",
                System.getProperty("java.version") + ", " + System.getProperty("java.vendor")),
            fact("about.javafx", System.getProperty("javafx.runtime.version", "")),
            fact(
                "about.djl",
                messages.text(
                    "about.djlVersions",
                    version("ai.djl:api"),
                    version("ai.djl.pytorch:pytorch-engine"))),
            fact("about.pytorch", version("ai.djl.pytorch:pytorch-native-cpu")),
            new Fact(
                messages.text("about.engine"),
                Bindings.createStringBinding(
                    () -> String.join(" · ", engine.text().get(), engine.status().get().detail()),
                    engine.text(),
                    engine.status())),
            fact(
                "about.system",
                System.getProperty("os.name")
                    + " "
                    + System.getProperty("os.version")
                    + ", "
                    + System.getProperty("os.arch")));
  }

  List<Fact> facts() {
    return facts;
  }

  List<Library> libraries() {
    return libraries;
  }

  /** Everything as plain text, for a report of a fault. */
  String asText() {
    return facts.stream()
            .map(fact -> fact.label() + ": " + fact.value().get())
            .collect(Collectors.joining("\n", "", "\n\n"))
        + libraries.stream()
            .map(library -> library.name() + " " + library.version() + ", " + library.licence())
            .collect(Collectors.joining("\n", "", "\n"));
  }

  private Fact fact(String key, String value) {
    return new Fact(messages.text(key), Bindings.createStringBinding(() -> value));
  }

  private String version(String coordinates) {
    return libraries.stream()
        .filter(library -> library.coordinates().equals(coordinates))
        .findFirst()
        .map(Library::version)
        .orElseThrow();
  }
}
