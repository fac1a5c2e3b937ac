package org.espalier.ui.toolbar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.espalier.ui.fake.Bench;
import org.espalier.workbench.DeviceOption;
import org.espalier.workbench.EngineStatus;
import org.junit.jupiter.api.Test;

class EngineViewModelTest {
  private final Bench bench = new Bench();

  @Test
  void says_in_words_where_the_engine_stands() {
    bench.workbench.setEngineStatus(new EngineStatus(EngineStatus.State.STARTING, ""));
    EngineViewModel engine = engine();
    assertThat(engine.text().get()).isEqualTo("cpu · starting");
    assertThat(engine.devices()).isEmpty();

    bench.workbench.setEngineStatus(new EngineStatus(EngineStatus.State.UNPACKING, ""));
    assertThat(engine.text().get()).isEqualTo("cpu · unpacking");

    bench.workbench.setEngineStatus(new EngineStatus(EngineStatus.State.READY, "PyTorch 2.7.1"));
    assertThat(engine.text().get()).isEqualTo("cpu · ready");
    assertThat(engine.devices()).hasSize(2);
  }

  @Test
  void a_failure_keeps_its_reason() {
    EngineViewModel engine = engine();

    bench.workbench.setEngineStatus(
        new EngineStatus(EngineStatus.State.FAILED, "libtorch is missing: install it again."));

    assertThat(engine.text().get()).isEqualTo("cpu · failed");
    assertThat(engine.status().get().detail()).contains("libtorch is missing");
    assertThat(bench.notices.sentences())
        .containsExactly("The engine did not start: libtorch is missing: install it again.");
  }

  @Test
  void describes_devices_with_their_free_memory() {
    EngineViewModel engine = engine();

    assertThat(engine.describe(engine.devices().get(0))).isEqualTo("cpu · 20.00 GiB free");
  }

  @Test
  void another_device_opens_the_checkpoint_again_there() {
    EngineViewModel engine = engine();
    bench.opened();

    engine.choose(new DeviceOption("mps", true, OptionalLong.empty(), ""));

    assertThat(bench.session.checkpoint().get().device()).isEqualTo("mps");
    assertThat(bench.preferences.device()).isEqualTo("mps");
    assertThat(bench.workbench.closed()).hasSize(1);
  }

  private EngineViewModel engine() {
    return new EngineViewModel(
        bench.workbench,
        bench.executor,
        bench.follower,
        bench.notices,
        bench.preferences,
        bench.opening,
        bench.messages);
  }
}
