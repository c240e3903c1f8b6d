"""The same plans on Apache Spark (extra `spark`): for sources whose terms and joins outgrow one machine."""
