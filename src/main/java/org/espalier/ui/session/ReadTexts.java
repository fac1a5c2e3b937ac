package org.espalier.ui.session;

import org.espalier.workbench.EvaluationRequest;
import org.espalier.workspace.UnfinishedJob.ReadText;

/** What is read to measure a model, as files hold it. */
public final class ReadTexts {
  private ReadTexts() {}

  public static ReadText saved(EvaluationRequest request) {
    return new ReadText(
        request.file(),
        request.folder(),
        request.protocol(),
        request.window(),
        request.maxWindows(),
        request.bos(),
        request.goodEnough(),
        request.seed(),
        request.again());
  }

  public static EvaluationRequest request(ReadText saved) {
    return new EvaluationRequest(
        saved.file(),
        saved.folder(),
        saved.protocol(),
        saved.window(),
        saved.maxWindows(),
        saved.bos(),
        saved.goodEnough(),
        saved.seed(),
        saved.again());
  }
}
