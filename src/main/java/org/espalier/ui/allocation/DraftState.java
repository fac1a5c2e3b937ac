package org.espalier.ui.allocation;

import org.espalier.allocation.Locks;
import org.espalier.allocation.Target;

/** What a person has decided: everything else of a draft follows from it. */
public record DraftState(Target target, Locks locks) {}
