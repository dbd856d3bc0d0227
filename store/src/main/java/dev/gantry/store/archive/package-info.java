/// Images as one archive: Docker's format (`manifest.json`) and the OCI layout (`index.json`), each written for
/// readers of either, and read in one pass whatever the order of its members.
///
/// No member's name is ever a name on this host: names and links are looked up among the members, content goes into the
/// store by its digest, and what a document says of other members is compared with what has arrived.
@NullMarked
package dev.gantry.store.archive;

import org.jspecify.annotations.NullMarked;
