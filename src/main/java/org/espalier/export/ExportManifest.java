package org.espalier.export;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.checkpoint.CheckpointException;
import org.espalier.checkpoint.FolderWriter;
import org.espalier.task.Progress;

/** The file beside an export that says what was written, from what, and how it was proved. */
record ExportManifest(
    String target,
    WeightFormat format,
    String sourceHash,
    List<ExportedFile> files,
    ExportProof proof,
    String note) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Hashes what lies in a complete folder and writes the manifest beside it. */
  static ExportManifest write(
      Path folder,
      String target,
      WeightFormat format,
      PrunedModel model,
      ExportProof proof,
      String note,
      Progress progress) {
    ExportManifest manifest =
        new ExportManifest(
            target,
            format,
            model.source().hash(progress),
            ExportedFile.of(folder, progress),
            proof,
            note);
    Path file = folder.resolve(FolderWriter.MANIFEST);
    try {
      Files.write(file, MAPPER.writeValueAsBytes(manifest.json()));
    } catch (IOException e) {
      throw new CheckpointException(file, "cannot be written: " + e.getMessage(), e);
    }
    return manifest;
  }

  private ObjectNode json() {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("writtenBy", "Espalier");
    json.put("target", target);
    json.put("format", format.name());
    json.put("sourceHash", sourceHash);
    if (!note.isEmpty()) {
      json.put("note", note);
    }
    json.set("proof", MAPPER.valueToTree(proof));
    json.set("files", MAPPER.valueToTree(files));
    return json;
  }

  ExportReport report(Path folder, String loadSnippet) {
    return new ExportReport(target, folder, format, files, proof, note, loadSnippet);
  }
}
