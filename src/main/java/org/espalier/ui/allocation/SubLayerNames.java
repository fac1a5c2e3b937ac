package org.espalier.ui.allocation;

import java.util.Collection;
import org.espalier.transformer.SubLayer;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.Session;

/** What people call sub-layers of the open model. */
final class SubLayerNames {
  private final Session session;
  private final Messages messages;

  SubLayerNames(Session session, Messages messages) {
    this.session = session;
    this.messages = messages;
  }

  String of(Collection<SubLayer> subLayers) {
    if (subLayers.size() == 1) {
      return of(subLayers.iterator().next());
    }
    long blocks = subLayers.stream().map(SubLayer::block).distinct().count();
    return blocks == 1 && subLayers.size() == 2
        ? messages.text("subLayer.block", number(subLayers.iterator().next()))
        : messages.text("subLayer.several", subLayers.size());
  }

  String of(SubLayer subLayer) {
    return messages.text("subLayer." + subLayer.kind().name(), number(subLayer));
  }

  private int number(SubLayer subLayer) {
    return session.checkpoint().get().model().number(subLayer.block());
  }
}
