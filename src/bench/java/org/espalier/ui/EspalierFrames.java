package org.espalier.ui;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Slider;
import javafx.scene.control.ToggleButton;
import javafx.stage.Stage;
import org.espalier.allocation.GlobalThresholdAllocator;
import org.espalier.allocation.Rounding;
import org.espalier.allocation.SubLayerRemoval;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.fake.FakeFilePicker;
import org.espalier.ui.fake.FakeWorkbench;
import org.espalier.ui.fake.MemoryPreferences;
import org.espalier.ui.heatmap.EspalierControl;
import org.espalier.ui.platform.FxExecutor;
import org.espalier.ui.platform.Messages;

/**
 * What the window costs while the target is dragged over a model of 80 blocks with 128 heads and
 * 28,672 channels each, at 1440 by 900: work of the UI thread for the espalier and for the whole
 * frame (processor time of the thread, so that other work on the machine does not count), time
 * between frames at full speed, and how many frames the solution comes after the wish.
 *
 * <p>Needs a display or {@code -Dglass.platform=Monocle -Dmonocle.platform=Headless
 * -Dprism.order=sw}; {@code -Djavafx.animation.fullspeed=true} lets frames follow each other at
 * once.
 */
public final class EspalierFrames {
  private static final int WARM_UP = 100;
  private static final int FRAMES = 200;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final ExecutorService jobs = Executors.newSingleThreadExecutor();
  private final FakeWorkbench workbench = new FakeWorkbench(jobs);
  private final FxExecutor executor = new FxExecutor();
  private Scene scene;

  private EspalierFrames() {}

  public static void main(String[] arguments) throws InterruptedException {
    new EspalierFrames().run();
    System.exit(0);
  }

  private void run() throws InterruptedException {
    workbench.useAllocators(
        (model, importance) ->
            new GlobalThresholdAllocator(
                model, importance, Rounding.CORRECTED, SubLayerRemoval.ALLOWED));
    FakeFilePicker picker = new FakeFilePicker();
    picker.willPickFolder(Path.of("/models/mha-70b"));
    CountDownLatch started = new CountDownLatch(1);
    Platform.startup(
        () -> {
          CompositionRoot root =
              new CompositionRoot(
                  workbench, executor, picker, new MemoryPreferences(), new Messages());
          scene = root.scene(1440, 900);
          Stage stage = new Stage();
          stage.setScene(scene);
          stage.show();
          ((MenuButton) scene.lookup("#checkpoint"))
              .getItems().stream()
                  .filter(item -> "toolbar-openFolder".equals(item.getId()))
                  .forEach(MenuItem::fire);
          started.countDown();
        });
    started.await();
    until(() -> espalier().geometry() != null);
    onFx(() -> ((ComboBox<?>) scene.lookup("#method")).getSelectionModel().select(1));
    onFx(() -> ((Button) scene.lookup("#analyse")).fire());
    until(() -> !scene.lookup("#prune").isDisabled());
    onFx(
        () ->
            System.out.printf(
                Locale.ROOT,
                "%d blocks, %d head cells, %d channel bins, rows of %.0f pixels%n",
                espalier().geometry().model().blocks().size(),
                espalier().geometry().bins(SubLayer.attention(0)),
                espalier().geometry().bins(SubLayer.feedForward(0)),
                espalier().geometry().rowHeight()));
    for (String order : List.of("#by-score", "#by-index")) {
      onFx(() -> ((ToggleButton) scene.lookup(order)).fire());
      paintAlone(order);
      drag(order, false);
      drag(order, true);
    }
  }

  /** The espalier's own layout and painting, without the rest of the window. */
  private void paintAlone(String order) throws InterruptedException {
    List<Double> costs = new ArrayList<>();
    onFx(
        () -> {
          for (int round = 0; round < WARM_UP + FRAMES; round++) {
            long before = threads.getCurrentThreadCpuTime();
            espalier().requestLayout();
            espalier().layout();
            if (round >= WARM_UP) {
              costs.add((threads.getCurrentThreadCpuTime() - before) / 1e6);
            }
          }
        });
    print(order + " painting the espalier, CPU ms", costs);
  }

  /**
   * Moves the slider in every frame, or only once the last wish is answered.
   *
   * @param patiently whether to wait, to see how many frames an answer takes
   */
  private void drag(String order, boolean patiently) throws InterruptedException {
    List<Double> work = new ArrayList<>();
    List<Double> frames = new ArrayList<>();
    List<Double> behind = new ArrayList<>();
    CountDownLatch over = new CountDownLatch(1);
    onFx(
        () -> {
          Slider slider = (Slider) scene.lookup("#target");
          Node prune = scene.lookup("#prune");
          slider.setValueChanging(true);
          new AnimationTimer() {
            private int frame;
            private int asked;
            private long lastCpu = threads.getCurrentThreadCpuTime();
            private long lastWall = System.nanoTime();

            @Override
            public void handle(long now) {
              long cpu = threads.getCurrentThreadCpuTime();
              long wall = System.nanoTime();
              if (frame++ > WARM_UP) {
                work.add((cpu - lastCpu) / 1e6);
                frames.add((wall - lastWall) / 1e6);
              }
              lastCpu = cpu;
              lastWall = wall;
              if (frame > WARM_UP + FRAMES) {
                stop();
                slider.setValueChanging(false);
                over.countDown();
              } else if (!patiently || !prune.isDisabled()) {
                if (patiently && frame > WARM_UP) {
                  behind.add((double) (frame - asked));
                }
                asked = frame;
                slider.setValue(20 + 30 * Math.abs(Math.sin(frame / 60.0)));
              }
            }
          }.start();
        });
    over.await();
    if (patiently) {
      print(order + " frames until the answer shows", behind);
    } else {
      print(order + " UI thread per frame while dragging, CPU ms", work);
      print(order + " time between frames, ms", frames);
    }
  }

  private static void print(String what, List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%-60s median %6.2f, nine in ten below %6.2f (%d)%n",
        what,
        sorted.get(sorted.size() / 2),
        sorted.get(sorted.size() * 9 / 10),
        sorted.size());
  }

  private EspalierControl espalier() {
    return (EspalierControl) scene.lookup("#espalier");
  }

  private static void onFx(Runnable action) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Platform.runLater(
        () -> {
          try {
            action.run();
          } finally {
            done.countDown();
          }
        });
    done.await();
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    boolean[] met = {false};
    while (!met[0]) {
      Thread.sleep(50);
      onFx(() -> met[0] = condition.getAsBoolean());
    }
  }
}
