package org.espalier.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitSetTest {
  @Test
  void prints_runs_as_ranges() {
    assertThat(UnitSet.of(5, 0, 1, 2, 3, 7, 8)).hasToString("0-3,5,7-8");
    assertThat(UnitSet.of()).hasToString("");
  }

  private static UnitSet set(Set<Integer> indices) {
    return UnitSet.of(indices.stream().mapToInt(Integer::intValue).toArray());
  }

  @Property
  void reads_what_it_prints(@ForAll Set<@IntRange(max = 60) Integer> indices) {
    UnitSet set = set(indices);

    assertThat(UnitSet.parse(set.toString(), 61)).isEqualTo(set);
  }

  @Property
  void a_set_and_its_complement_are_everything(@ForAll Set<@IntRange(max = 60) Integer> indices) {
    UnitSet set = set(indices);
    UnitSet rest = set.complement(61);

    assertThat(set.size() + rest.size()).isEqualTo(61);
    assertThat(Arrays.stream(rest.toArray()).boxed().toList()).noneMatch(set::contains);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1-", "a", "-3", "4-2", "0-10", "3,3", "0-4,2", "1,,2", "99999999999"})
  void refuses_what_is_no_list_of_ranges(String text) {
    assertThatThrownBy(() -> UnitSet.parse(text, 10)).isInstanceOf(IllegalArgumentException.class);
  }
}
