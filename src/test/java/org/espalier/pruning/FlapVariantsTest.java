package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.espalier.importance.ChannelMetric;
import org.espalier.importance.ChannelScorer;
import org.espalier.importance.ResidualScorer;
import org.espalier.importance.Scorer;
import org.junit.jupiter.api.Test;

class FlapVariantsTest {
  private static Scorer scorer(Map<String, String> parameters) {
    Method flap = new Flap();
    return flap.recipe(ParameterValues.of(flap.description(), parameters)).scorer();
  }

  @Test
  void the_official_variant_alone_is_the_paper_preset() {
    assertThat(scorer(Map.of("variant", "official")))
        .isEqualTo(
            new ChannelScorer(
                ChannelMetric.WIFV, true, true, ChannelScorer.Aggregation.MEAN, true));
  }

  @Test
  void the_default_is_what_did_best_on_validation_text() {
    assertThat(scorer(Map.of())).isEqualTo(new ResidualScorer(ChannelMetric.IFV));
  }

  @Test
  void the_corrected_variant_compares_as_published() {
    assertThat(scorer(Map.of("variant", "corrected")))
        .isEqualTo(
            new ChannelScorer(
                ChannelMetric.WIFV, false, true, ChannelScorer.Aggregation.MEAN, false));
  }
}
