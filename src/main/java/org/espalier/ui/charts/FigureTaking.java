package org.espalier.ui.charts;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.espalier.report.Figure;
import org.espalier.report.FigureFormat;
import org.espalier.report.FigureWriter;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;

/** Takes figures along into files, or says that there is nothing to take. */
public final class FigureTaking {
  private final JobFollower follower;
  private final Notices notices;
  private final FilePicker picker;
  private final Messages messages;

  public FigureTaking(JobFollower follower, Notices notices, FilePicker picker, Messages messages) {
    this.follower = follower;
    this.notices = notices;
    this.picker = picker;
    this.messages = messages;
  }

  /** The figure, or a sentence why there is none. */
  public Optional<Figure> orNotice(Optional<Figure> figure) {
    if (figure.isEmpty()) {
      notices.tell(messages.text("chart.nothing"));
    }
    return figure;
  }

  /** Asks where and writes the figure there. */
  public void save(Optional<Figure> wanted, FigureFormat format) {
    orNotice(wanted)
        .ifPresent(
            figure ->
                picker
                    .pickNewFile(
                        messages.text("chart.saveTitle"),
                        fileName(figure.title()) + "." + format.extension(),
                        List.of(format.extension()))
                    .ifPresent(
                        place ->
                            follower.inBackground(
                                () -> FigureWriter.write(figure, format, place))));
  }

  private static String fileName(String title) {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
  }
}
