use burn::config::Config;
use burn::module::{Content, DisplaySettings, Module, ModuleDisplay, Param};
use burn::tensor::{Device, Tensor};

use crate::QueryUnit;
use crate::addressing::{
    Addressing, AddressingWeights, EmptyRow, Shrinkage, Similarity, address, read,
};
use crate::items::ItemInitializer;
use crate::{MemoryConfigError, MemoryOutput};

/// Settings of a [`MemoryModule`].
///
/// Saved and loaded with [`Config::save`] and [`Config::load`], or with serde.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_core::MemoryModuleConfig;
/// use memae_core::addressing::{Shrinkage, Similarity};
///
/// let config = MemoryModuleConfig::new(2000, 256)
///     .with_similarity(Similarity::Dot)
///     .with_shrinkage(Shrinkage::absolute(0.0025));
/// let memory = config.try_init(&Device::flex()).unwrap();
/// assert_eq!(memory.num_items(), 2000);
///
/// let error = MemoryModuleConfig::new(0, 256).try_init(&Device::flex()).unwrap_err();
/// assert_eq!(error.to_string(), "memory: num_items is 0, expected at least 1");
/// ```
#[derive(Config, Debug, PartialEq)]
#[non_exhaustive]
pub struct MemoryModuleConfig {
    /// Number of memory items N.
    pub num_items: usize,
    /// Width C of an item and of a query; see [`QueryUnit::item_dim`].
    pub item_dim: usize,
    /// How a query is compared with an item. Default: cosine.
    #[config(default = "Similarity::Cosine")]
    pub similarity: Similarity,
    /// Temperature τ of the softmax, from 1e-30 to 1e30. Default: 1.
    #[config(default = 1.0)]
    pub temperature: f64,
    /// Which weights are shrunk to zero. Default: those at or below λ = 1/N.
    #[config(default = "Shrinkage::default()")]
    pub shrinkage: Shrinkage,
    /// What a query reads when all its weights were shrunk to zero. Default: its best item.
    #[config(default = "EmptyRow::BestItem")]
    pub empty_row: EmptyRow,
    /// Where the items start. Default: U(±1/√C).
    #[config(default = "ItemInitializer::Uniform")]
    pub initializer: ItemInitializer,
}

impl MemoryModuleConfig {
    /// The addressing part of the settings.
    pub fn addressing(&self) -> Addressing {
        Addressing {
            similarity: self.similarity,
            temperature: self.temperature,
            shrinkage: self.shrinkage,
            empty_row: self.empty_row,
        }
    }

    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// The first setting that is out of range.
    pub fn validate(&self) -> Result<(), MemoryConfigError> {
        if self.num_items == 0 {
            return Err(MemoryConfigError::NoItems);
        }
        if self.item_dim == 0 {
            return Err(MemoryConfigError::NoItemDim);
        }
        // Kernels on GPUs count values in 32 bits.
        let values = self.num_items.checked_mul(self.item_dim);
        if values.is_none_or(|values| u32::try_from(values).is_err()) {
            return Err(MemoryConfigError::TooLarge {
                num_items: self.num_items,
                item_dim: self.item_dim,
            });
        }
        self.addressing().validate(self.num_items)?;
        self.initializer.validate()
    }

    /// Makes the memory on `device`, with items drawn by the initializer.
    ///
    /// # Errors
    ///
    /// A setting is out of range.
    pub fn try_init(&self, device: &Device) -> Result<MemoryModule, MemoryConfigError> {
        self.validate()?;
        let items = self.initializer.init(self.num_items, self.item_dim, device);
        Ok(self.module(items))
    }

    /// Makes the memory on `device`, with items drawn by the initializer.
    ///
    /// # Panics
    ///
    /// Panics if a setting is out of range; [`try_init`](Self::try_init) returns the error instead.
    pub fn init(&self, device: &Device) -> MemoryModule {
        self.try_init(device)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// Makes the memory with the given items, `[num_items, item_dim]`, on their device.
    ///
    /// # Errors
    ///
    /// A setting is out of range, or the items have another shape.
    pub fn init_with_items(&self, items: Tensor<2>) -> Result<MemoryModule, MemoryConfigError> {
        self.validate()?;
        let (found, expected) = (items.dims(), [self.num_items, self.item_dim]);
        if found != expected {
            return Err(MemoryConfigError::ItemsShape { found, expected });
        }
        Ok(self.module(Param::from_tensor(items.detach())))
    }

    fn module(&self, items: Param<Tensor<2>>) -> MemoryModule {
        MemoryModule {
            items,
            addressing: self.addressing(),
        }
    }
}

/// A memory of normal patterns, addressed by similarity.
///
/// Made by [`MemoryModuleConfig`]. The equations stand in the [crate documentation](crate).
#[derive(Module, Debug)]
#[module(custom_display)]
pub struct MemoryModule {
    /// Memory items M, `[num_items, item_dim]`.
    ///
    /// To put others in their place use [`with_items`](Self::with_items), which checks the shape.
    pub items: Param<Tensor<2>>,
    /// How the items are addressed. May be changed at any time; [`Addressing::validate`] checks it.
    #[module(skip)]
    pub addressing: Addressing,
}

impl MemoryModule {
    /// Number of memory items N.
    pub fn num_items(&self) -> usize {
        self.items.lazy_shape()[0]
    }

    /// Width C of an item and of a query.
    pub fn item_dim(&self) -> usize {
        self.items.lazy_shape()[1]
    }

    /// Weights of the queries over the items, before and after shrinkage.
    ///
    /// # Shapes
    ///
    /// - `queries`: `[queries, item_dim]`
    ///
    /// # Panics
    ///
    /// Panics if the width of the queries is not [`item_dim`](Self::item_dim).
    pub fn address(&self, queries: Tensor<2>) -> AddressingWeights {
        address(queries, self.items.val(), &self.addressing)
    }

    /// Reads the memory with a matrix of queries.
    ///
    /// No matrix of size queries × items is made where the backend has a kernel, see
    /// [`read`]; ask [`address`](Self::address) for the weights themselves.
    ///
    /// # Shapes
    ///
    /// - `queries`: `[queries, item_dim]`
    /// - read: `[queries, item_dim]`
    ///
    /// # Panics
    ///
    /// Panics if the width of the queries is not [`item_dim`](Self::item_dim), with both shapes in
    /// the message.
    pub fn forward(&self, queries: Tensor<2>) -> MemoryOutput<2> {
        read(queries, self.items.val(), &self.addressing)
    }

    /// Reads the memory with feature maps of any rank.
    ///
    /// # Shapes
    ///
    /// - `features`: `[batch, channels, …]`
    /// - read: as `features`; entropy: one for each query, see [`QueryUnit`]
    ///
    /// # Panics
    ///
    /// Panics if one query of these features does not have the width of an item.
    pub fn forward_features<const D: usize>(
        &self,
        features: Tensor<D>,
        unit: QueryUnit,
    ) -> MemoryOutput<D> {
        let dims = features.dims();
        let output = self.forward(unit.to_queries(features));
        MemoryOutput {
            queries: output.queries,
            read: unit.to_features(output.read, dims),
            entropy: output.entropy,
            statistics: output.statistics,
        }
    }

    /// The same memory with other items, `[num_items, item_dim]`; whether they take gradients stays
    /// as it was.
    ///
    /// # Panics
    ///
    /// Panics if the shape differs from that of the present items.
    pub fn with_items(self, items: Tensor<2>) -> Self {
        let (found, expected) = (items.dims(), [self.num_items(), self.item_dim()]);
        assert!(
            found == expected,
            "memory items differ in shape: found {found:?}, expected {expected:?}"
        );
        Self {
            items: self
                .items
                .map(|present| items.detach().set_require_grad(present.is_require_grad())),
            ..self
        }
    }
}

impl ModuleDisplay for MemoryModule {
    fn custom_settings(&self) -> Option<DisplaySettings> {
        DisplaySettings::new()
            .with_new_line_after_attribute(false)
            .optional()
    }

    fn custom_content(&self, content: Content) -> Option<Content> {
        content
            .add("num_items", &self.num_items())
            .add("item_dim", &self.item_dim())
            .add("addressing", &format!("{:?}", self.addressing))
            .optional()
    }
}
