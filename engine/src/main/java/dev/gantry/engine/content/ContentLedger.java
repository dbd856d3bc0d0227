package dev.gantry.engine.content;

import dev.gantry.oci.Digest;
import dev.gantry.store.StoreUsage;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Who needs which blobs and layers, at one moment: tells what the disappearance of somebody frees. Shared content is
/// freed by the last one. For one thread.
public final class ContentLedger {
    private final StoreUsage usage;
    private final Map<String, Set<Digest>> needed = new HashMap<>();
    private final Map<Digest, Integer> users = new HashMap<>();

    /// A ledger in which nobody needs anything yet.
    ///
    /// @param usage how much each of it takes
    public ContentLedger(StoreUsage usage) {
        this.usage = usage;
    }

    /// Somebody needs that content.
    ///
    /// @param who an image or a container, by ID
    public void hold(String who, Set<Digest> content) {
        needed.put(who, Set.copyOf(content));
        content.forEach(each -> users.merge(each, 1, Integer::sum));
    }

    /// Somebody is gone.
    ///
    /// @return bytes on the disk of what nobody needs any more
    public long release(String who) {
        long freed = 0;
        Set<Digest> content = needed.remove(who);
        for (Digest each : content == null ? Set.<Digest>of() : content) {
            if (users.merge(each, -1, Integer::sum) == 0) {
                freed += usage.of(each);
            }
        }
        return freed;
    }

    /// What somebody takes, also what others need.
    public long size(String who) {
        return usage.of(needed.getOrDefault(who, Set.of()));
    }

    /// The part of it that others need, too.
    public long shared(String who) {
        return needed.getOrDefault(who, Set.of()).stream()
                .filter(each -> users.getOrDefault(each, 0) > 1)
                .mapToLong(usage::of)
                .sum();
    }
}
