/// Images on disk: content by digest, layers unpacked once, names.
module dev.gantry.store {
    requires static transitive org.jspecify;
    requires transitive dev.gantry.oci;
    requires transitive dev.gantry.kernel;
    requires com.github.luben.zstd_jni;
    requires org.apache.commons.compress;
    requires org.tukaani.xz;

    exports dev.gantry.store;
    exports dev.gantry.store.archive;
    exports dev.gantry.store.files;
    exports dev.gantry.store.space;
    exports dev.gantry.store.tar;

    opens dev.gantry.store to
            tools.jackson.databind;
    opens dev.gantry.store.archive to
            tools.jackson.databind;
}
