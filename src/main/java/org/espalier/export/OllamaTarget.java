package org.espalier.export;

import java.util.Map;

/** The file of {@link GgufTarget} with a Modelfile beside it. */
final class OllamaTarget extends GgufTarget {
  static final String NAME = "ollama";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "Ollama";
  }

  @Override
  public String description() {
    return "The GGUF file of the target " + GgufTarget.NAME + " and a Modelfile that names it.";
  }

  @Override
  Map<String, String> texts(GgufLayout layout, PrunedModel model) {
    String template =
        layout.metadata().get("tokenizer.chat_template").isPresent()
            ? ""
            : "TEMPLATE \"{{ .Prompt }}\"\n";
    return Map.of(
        "Modelfile",
        "FROM ./"
            + GgufFolder.FILE
            + "\n"
            + template
            + "PARAMETER num_ctx "
            + GgufLayout.contextLength(model.decoder().config())
            + "\n");
  }

  @Override
  public LoadSnippet loadSnippet() {
    return new LoadSnippet(
        """
        ollama create my-pruned-model -f "{folder}/Modelfile"
        ollama run my-pruned-model
        """);
  }
}
