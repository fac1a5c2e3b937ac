package org.espalier.ui.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import org.espalier.ui.platform.Messages;
import org.junit.jupiter.api.Test;

class NoticesTest {
  private final Notices notices = new Notices(new Messages());

  @Test
  void tells_the_sentence_of_a_failure_however_it_is_wrapped() {
    notices.tell(new CompletionException(new EspalierException("The disk is full.")));

    assertThat(notices.sentences()).containsExactly("The disk is full.");
  }

  @Test
  void being_cancelled_is_no_failure() {
    notices.tell(new CompletionException(new CancelledException()));

    assertThat(notices.sentences()).isEmpty();
  }

  @Test
  void keeps_the_newest_three_and_tells_none_twice() {
    for (String sentence : new String[] {"a", "b", "a", "c", "d"}) {
      notices.tell(sentence);
    }

    assertThat(notices.sentences()).containsExactly("a", "c", "d");
    notices.dismiss("c");
    assertThat(notices.sentences()).containsExactly("a", "d");
  }
}
