package org.espalier.ui.restore;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.UnfinishedJobs;
import org.espalier.workspace.Run;
import org.espalier.workspace.UnfinishedJob;

/** Offers to go on with jobs that the last window left unfinished. */
public final class JobResumer {
  private final Session session;
  private final UnfinishedJobs unfinished;
  private final Notices notices;
  private final Messages messages;
  private final Map<Class<?>, BiConsumer<UnfinishedJob, Optional<Run>>> ways = new HashMap<>();

  public JobResumer(
      Session session, UnfinishedJobs unfinished, Notices notices, Messages messages) {
    this.session = session;
    this.unfinished = unfinished;
    this.notices = notices;
    this.messages = messages;
  }

  /**
   * Learns how jobs of a kind are asked for again.
   *
   * @param way given the job and the run that it is about, if it is about one; called while the
   *     job's checkpoint is open
   */
  public <J extends UnfinishedJob> void learn(Class<J> kind, BiConsumer<J, Optional<Run>> way) {
    ways.put(kind, (job, run) -> way.accept(kind.cast(job), run));
  }

  /** Offers each of them; one that is dismissed is forgotten. */
  public void offerAll() {
    unfinished.jobs().forEach(this::offer);
  }

  private void offer(UnfinishedJob job) {
    notices.offer(
        new Notices.Offer(
            messages.text("resume.offer", job.title()),
            messages.text(job.goesOn() ? "resume.goOn" : "resume.startOver"),
            () -> goOn(job),
            () -> unfinished.forget(job)));
  }

  private void goOn(UnfinishedJob job) {
    if (session.checkpoint().get() == null || !session.place().equals(job.checkpoint())) {
      notices.tell(
          messages.text(
              "resume.openFirst",
              job.checkpoint()
                  .map(Object::toString)
                  .orElseGet(() -> messages.text("resume.sample")),
              job.title()));
      offer(job);
      return;
    }
    Optional<Run> run =
        session.runs().stream().filter(known -> known.id().equals(job.run())).findFirst();
    if (run.isEmpty() && !job.run().isEmpty()) {
      unfinished.forget(job);
      notices.tell(messages.text("resume.runGone", job.title()));
      return;
    }
    Optional.ofNullable(ways.get(job.getClass())).ifPresent(way -> way.accept(job, run));
  }
}
