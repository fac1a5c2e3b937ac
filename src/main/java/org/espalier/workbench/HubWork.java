package org.espalier.workbench;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.hub.Hub;
import org.espalier.hub.HubListing;
import org.espalier.hub.HubModel;

/** Models of the hub as jobs. */
final class HubWork {
  private final Hub hub;
  private final JobQueue queue;

  HubWork(Hub hub, JobQueue queue) {
    this.hub = hub;
    this.queue = queue;
  }

  Optional<Path> find(HubModel model) {
    return hub.find(model);
  }

  Job<HubListing> list(HubModel model) {
    return queue.submitDownload("List " + model, progress -> hub.list(model, progress));
  }

  Job<Path> fetch(HubListing listing) {
    return queue.submitDownload(
        "Download " + listing.model(), progress -> hub.fetch(listing, progress));
  }
}
