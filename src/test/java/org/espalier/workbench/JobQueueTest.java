package org.espalier.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobQueueTest {
  private final JobQueue queue = new JobQueue(Thread::new);

  @AfterEach
  void close() {
    queue.close();
  }

  @Test
  void jobs_run_one_after_the_other_in_the_order_of_asking() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    Job<Boolean> first = queue.submit("first", progress -> order.add("first"));
    Job<Boolean> second = queue.submit("second", progress -> order.add("second"));

    second.result().get(10, TimeUnit.SECONDS);

    assertThat(order).containsExactly("first", "second");
    assertThat(first.snapshot().state()).isEqualTo(JobState.DONE);
    assertThat(queue.jobs()).containsExactly(first, second);
  }

  @Test
  void a_running_job_stops_at_its_next_step_once_cancelled() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    Job<String> job =
        queue.submit(
            "steps",
            progress -> {
              progress.report("one", 0, 2);
              started.countDown();
              cancelled.await();
              progress.report("two", 1, 2);
              return "never";
            });
    started.await();

    job.cancel();
    cancelled.countDown();

    assertThatThrownBy(() -> job.result().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(CancelledException.class);
    assertThat(job.snapshot().state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void a_waiting_job_is_cancelled_at_once_and_never_runs() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<String> ran = Collections.synchronizedList(new ArrayList<>());
    queue.submit(
        "blocks the queue",
        progress -> {
          release.await();
          return 0;
        });
    Job<Boolean> waiting = queue.submit("waits", progress -> ran.add("ran"));

    waiting.cancel();
    release.countDown();
    queue.submit("last", progress -> 0).result().get(10, TimeUnit.SECONDS);

    assertThat(waiting.snapshot().state()).isEqualTo(JobState.CANCELLED);
    assertThat(ran).isEmpty();
  }

  @Test
  void waiting_jobs_change_places() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    queue.submit(
        "runs",
        progress -> {
          started.countDown();
          release.await();
          return 0;
        });
    started.await();
    Job<Boolean> early = queue.submit("early", progress -> order.add("early"));
    Job<Boolean> middle = queue.submit("middle", progress -> order.add("middle"));
    Job<Boolean> late = queue.submit("late", progress -> order.add("late"));
    assertThat(late.snapshot().waitingBehind()).isEqualTo(2);

    late.move(-5);
    early.move(1);
    assertThat(early.snapshot().waitingBehind()).isEqualTo(2);
    middle.cancel();
    assertThat(early.snapshot().waitingBehind()).isEqualTo(1);
    release.countDown();
    early.result().get(10, TimeUnit.SECONDS);

    assertThat(order).containsExactly("late", "early");
    assertThat(early.snapshot().waitingBehind()).isZero();
  }

  @Test
  void a_failed_job_runs_again_as_a_new_one() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    Job<Integer> failed =
        queue.submit(
            "tries",
            progress -> {
              if (attempts.incrementAndGet() == 1) {
                throw new EspalierException("disk full: free 3 GiB");
              }
              return attempts.get();
            });
    assertThatThrownBy(() -> failed.result().get(10, TimeUnit.SECONDS)).isNotNull();

    assertThat(failed.again().result().get(10, TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(failed.log())
        .extracting(JobEvent::words)
        .containsExactly("Asked for: tries", "Started", "Failed: disk full: free 3 GiB");
  }

  @Test
  void the_log_keeps_the_beginning_and_the_end_of_a_long_job() throws Exception {
    Job<Integer> job =
        queue.submit(
            "long",
            progress -> {
              for (int step = 0; step < 2000; step++) {
                progress.report("step " + step, step, 2000);
                progress.report("step " + step, step, 2000);
              }
              return 0;
            });
    job.result().get(10, TimeUnit.SECONDS);

    List<String> words = job.log().stream().map(JobEvent::words).toList();
    assertThat(words).hasSizeLessThan(600).startsWith("Asked for: long", "Started", "step 0");
    assertThat(words).endsWith("step 1999", "Done").anyMatch(line -> line.contains("left out"));
  }

  @Test
  void a_failure_is_told_in_one_sentence() {
    Job<Integer> job =
        queue.submit(
            "fails",
            progress -> {
              throw new EspalierException("disk full: free 3 GiB");
            });

    assertThatThrownBy(() -> job.result().get(10, TimeUnit.SECONDS))
        .hasRootCauseMessage("disk full: free 3 GiB");
    assertThat(job.snapshot().failure()).contains("disk full: free 3 GiB");
  }

  @Test
  void an_unexpected_fault_fails_the_job_but_not_the_queue() throws Exception {
    Job<Integer> job =
        queue.submit(
            "faulty",
            progress -> {
              throw new IllegalStateException("bug");
            });

    assertThatThrownBy(() -> job.result().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(EspalierException.class);
    assertThat(queue.submit("next", progress -> 7).result().get(10, TimeUnit.SECONDS)).isEqualTo(7);
  }

  @Test
  void a_watcher_sees_the_present_state_first_and_the_end_last() throws Exception {
    List<JobState> seen = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch release = new CountDownLatch(1);
    Job<Integer> job =
        queue.submit(
            "watched",
            progress -> {
              release.await();
              progress.report("half", 1, 2);
              return 1;
            });
    job.onChange(snapshot -> seen.add(snapshot.state()));
    release.countDown();
    job.result().get(10, TimeUnit.SECONDS);

    assertThat(seen).last().isEqualTo(JobState.DONE);
    assertThat(job.snapshot().fraction()).isEqualTo(1);
  }

  @Test
  void whoever_watches_sees_the_end_last_even_if_it_comes_while_the_beginning_is_shown()
      throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch watched = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Job<Integer> job =
        queue.submit(
            "short",
            progress -> {
              running.countDown();
              watched.await();
              return 1;
            });
    running.await();
    List<JobState> seen = Collections.synchronizedList(new ArrayList<>());

    job.onChange(
        snapshot -> {
          if (snapshot.state() == JobState.RUNNING) {
            watched.countDown();
            awaitShortly(ended);
          } else {
            ended.countDown();
          }
          seen.add(snapshot.state());
        });
    job.result().get(10, TimeUnit.SECONDS);

    assertThat(seen).containsExactly(JobState.RUNNING, JobState.DONE);
  }

  private static void awaitShortly(CountDownLatch latch) {
    try {
      assertThat(latch.await(200, TimeUnit.MILLISECONDS)).as("told out of turn").isFalse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
