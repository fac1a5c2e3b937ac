package org.espalier.export;

import java.nio.file.Path;

/**
 * Code or commands that open an export, to copy.
 *
 * @param template names the export's folder as {@code {folder}}, in double quotes
 */
public record LoadSnippet(String template) {
  private static final String FOLDER = "{folder}";

  /** What folders with code of their own ask for. */
  static final String TRUST = ", trust_remote_code=True";

  /**
   * For Transformers.
   *
   * @param modelOptions what loading the model needs beside the folder; may be empty
   * @param trusted whether the folder brings code
   */
  static LoadSnippet python(String modelOptions, boolean trusted) {
    return new LoadSnippet(
        """
        from transformers import AutoModelForCausalLM, AutoTokenizer

        folder = "{folder}"
        model = AutoModelForCausalLM.from_pretrained(folder%s)
        tokenizer = AutoTokenizer.from_pretrained(folder%s)
        """
            .formatted(modelOptions, trusted ? TRUST : ""));
  }

  /** The same after other commands. */
  LoadSnippet after(String commands) {
    return new LoadSnippet(commands + template);
  }

  /** For one folder; Python and shells escape alike within double quotes. */
  public String of(Path folder) {
    return template.replace(FOLDER, folder.toString().replace("\\", "\\\\").replace("\"", "\\\""));
  }
}
