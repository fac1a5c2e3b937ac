package org.espalier.workbench;

import java.time.Duration;
import java.util.Optional;
import org.espalier.allocation.Sensitivity;

/**
 * What is known of an analysis' prices before they are measured.
 *
 * @param known if they were measured before
 * @param expected how long measuring would take; zero when known
 * @param obstacle why they cannot be measured for this method, in words
 */
public record SensitivityOutlook(
    Optional<Sensitivity> known, Duration expected, Optional<String> obstacle) {}
