package org.espalier.workbench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.espalier.evaluation.Perplexity;
import org.espalier.evaluation.PerplexityPoint;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.task.CancelledException;
import org.espalier.task.Progress;
import org.espalier.workspace.Journal;
import org.espalier.workspace.Workspace;

/** Measures perplexity; a killed or cancelled measurement goes on behind its last saved window. */
final class EvaluationWork {
  /** Saving costs a disk flush, so it happens at most this often. */
  private static final long SAVE_NANOSECONDS = 2_000_000_000L;

  private final Workspace workspace;
  private final Texts texts;

  EvaluationWork(Workspace workspace, Texts texts) {
    this.workspace = workspace;
    this.texts = texts;
  }

  PerplexityResult measure(
      OpenModel model,
      boolean isSample,
      String device,
      EvaluationRequest request,
      Consumer<PerplexityPoint> onWindow,
      Progress progress) {
    Texts.Evaluation text = texts.evaluation(model, isSample, request);
    Protocol protocol =
        new Protocol(
            text.source(),
            text.windows().hash(),
            text.windows().length(),
            text.windows().count(),
            text.bos(),
            "float32",
            device,
            0);
    String key = model.checkpoint().hash(progress) + "\n" + protocol;
    try (Journal journal = workspace.journal("evaluate", key)) {
      List<Double> finished = new ArrayList<>();
      for (JsonNode saved : journal.entries()) {
        saved.forEach(value -> finished.add(value.asDouble()));
      }
      Saver saver = new Saver(journal, finished.size());
      try {
        PerplexityResult result =
            new Perplexity(model.decoder(), text.windows(), protocol)
                .measure(
                    finished,
                    point -> {
                      saver.add(point);
                      onWindow.accept(point);
                    },
                    progress);
        journal.complete();
        return result;
      } catch (CancelledException e) {
        saver.save();
        throw e;
      }
    }
  }

  /** Saves windows in portions. */
  private static final class Saver {
    private final Journal journal;
    private final List<Double> unsaved = new ArrayList<>();
    private int known;
    private long lastSave = System.nanoTime();

    Saver(Journal journal, int known) {
      this.journal = journal;
      this.known = known;
    }

    void add(PerplexityPoint point) {
      if (point.window() <= known) {
        return;
      }
      known = point.window();
      unsaved.add(point.windowNegativeLogLikelihood());
      if (System.nanoTime() - lastSave > SAVE_NANOSECONDS) {
        save();
      }
    }

    void save() {
      if (!unsaved.isEmpty()) {
        journal.append(List.copyOf(unsaved));
        unsaved.clear();
        lastSave = System.nanoTime();
      }
    }
  }
}
