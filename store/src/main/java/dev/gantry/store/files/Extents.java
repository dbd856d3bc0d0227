package dev.gantry.store.files;

import dev.gantry.kernel.OwnedFd;
import dev.gantry.store.tar.TarEntry.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// Where the content of a sparse file lies (lseek(2), `SEEK_DATA`). Holes are never read, but for the smallest of
/// a file that has very many.
final class Extents {
    /// Readers have limits: Go's archive/tar, which is Docker's, takes a mebibyte of map.
    static final int MOST = 10_000;

    private List<Extent> found = new ArrayList<>();

    private Extents() {}

    /// At most [#MOST].
    static List<Extent> of(OwnedFd file, long size) throws IOException {
        Extents extents = new Extents();
        long position = 0;
        while (position < size) {
            OptionalLong data = file.nextData(position);
            if (data.isEmpty() || data.getAsLong() >= size) {
                break;
            }
            long end = Math.min(size, file.nextHole(data.getAsLong()).orElse(size));
            extents.add(new Extent(data.getAsLong(), end - data.getAsLong()));
            position = end;
        }
        return joined(extents.found, MOST);
    }

    /// A container decides how many there are: the list stays short.
    private void add(Extent extent) {
        found.add(extent);
        if (found.size() == 2 * MOST) {
            found = joined(found, MOST);
        }
    }

    /// The same content in fewer pieces: what has the smallest holes between them becomes one.
    static List<Extent> joined(List<Extent> extents, int most) {
        if (extents.size() <= most) {
            return extents;
        }
        long[] holes = new long[extents.size() - 1];
        for (int i = 0; i < holes.length; i++) {
            holes[i] = hole(extents.get(i), extents.get(i + 1));
        }
        Arrays.sort(holes);
        int first = holes.length - (most - 1);
        long least = holes[first];
        int ofLeast = 1;
        while (first + ofLeast < holes.length && holes[first + ofLeast] == least) {
            ofLeast++;
        }
        List<Extent> joined = new ArrayList<>(most);
        Extent last = extents.getFirst();
        for (Extent each : extents.subList(1, extents.size())) {
            long hole = hole(last, each);
            if (hole > least || (hole == least && ofLeast-- > 0)) {
                joined.add(last);
                last = each;
            } else {
                last = new Extent(last.offset(), each.offset() + each.length() - last.offset());
            }
        }
        joined.add(last);
        return joined;
    }

    private static long hole(Extent before, Extent after) {
        return after.offset() - before.offset() - before.length();
    }
}
