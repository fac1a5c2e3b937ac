package org.espalier.ui.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.ui.platform.Messages;

/** Sentences that the window shows until they are dismissed. Used on the UI thread only. */
public final class Notices {
  private static final int SHOWN_AT_MOST = 3;

  /**
   * A sentence with something that can be done about it.
   *
   * @param action what, in a word or two
   * @param work does it
   * @param dismissal told when the offer is turned down
   */
  public record Offer(String sentence, String action, Runnable work, Runnable dismissal) {
    /** An offer that can be turned down without further ado. */
    public Offer(String sentence, String action, Runnable work) {
      this(sentence, action, work, () -> {});
    }
  }

  private final ObservableList<Offer> offers = FXCollections.observableArrayList();
  private final ObservableList<String> sentences = FXCollections.observableArrayList();
  private final Map<Object, String> refusals = new HashMap<>();
  private final Messages messages;

  public Notices(Messages messages) {
    this.messages = messages;
  }

  /** Newest last. */
  public ObservableList<String> sentences() {
    return sentences;
  }

  /** Offers that stand, newest last. */
  public ObservableList<Offer> offers() {
    return offers;
  }

  public void offer(Offer offer) {
    offers.add(offer);
    if (offers.size() > SHOWN_AT_MOST) {
      offers.remove(0);
    }
  }

  /** Takes an offer back: it was taken, turned down, or makes no sense any more. */
  public void withdraw(Offer offer) {
    offers.remove(offer);
  }

  public void tell(String sentence) {
    sentences.remove(sentence);
    sentences.add(sentence);
    if (sentences.size() > SHOWN_AT_MOST) {
      sentences.remove(0);
    }
  }

  /** Says what is missing for something that was asked for; taken back once it is there. */
  public void refuse(Object wish, String sentence) {
    granted(wish);
    refusals.put(wish, sentence);
    tell(sentence);
  }

  /** What was asked for is under way: why it was not before is of no interest any more. */
  public void granted(Object wish) {
    Optional.ofNullable(refusals.remove(wish)).ifPresent(this::dismiss);
  }

  /** Tells a failure in words; being cancelled is none. */
  public void tell(Throwable failure) {
    sentence(failure).ifPresent(this::tell);
  }

  /** A failure in words; empty for being cancelled. */
  public Optional<String> sentence(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof CancelledException || cause instanceof CancellationException) {
      return Optional.empty();
    }
    if (cause instanceof EspalierException && cause.getMessage() != null) {
      return Optional.of(cause.getMessage());
    }
    System.getLogger(Notices.class.getName())
        .log(System.Logger.Level.ERROR, "unexpected failure", cause);
    return Optional.of(messages.text("notice.unexpected", String.valueOf(cause)));
  }

  public void dismiss(String sentence) {
    sentences.remove(sentence);
  }
}
